import { answerOf } from '../../client/lake-client.ts'
import type { Program } from '../new-program.ts'
import { recordsText } from '../print/table-text.ts'
import type { Sessions } from '../session.ts'

/** `lake settings`: what is changed while the service runs. */
export function addSettings(program: Program, session: Sessions): void {
  const settings = program.command('settings').description('Shows and changes what can be changed while the service runs.')

  settings
    .command('list', { isDefault: true })
    .description('Lists every setting with its value and why it is there.')
    .action(async () => {
      const { lake, json, print, signal } = await session()
      const answer = await answerOf(lake.api.GET('/v1/settings', { signal }))
      if (json) return print(JSON.stringify(answer))
      print(recordsText(['name', 'value', 'default', 'why'], answer.settings))
    })

  settings
    .command('set')
    .description('Changes a setting; every process of the service has it within 5 seconds.')
    .argument('<name>', 'of the setting')
    .argument('<value>', 'true, false or a number')
    .action(async (name, text) => {
      const { lake, json, print, signal } = await session()
      const body = { value: settingValue(text) }
      const setting = await answerOf(lake.api.PUT('/v1/settings/{name}', { params: { path: { name } }, body, signal }))
      print(json ? JSON.stringify(setting) : `${setting.name} is ${setting.value}`)
    })

  settings
    .command('reset')
    .description('Goes back to the default.')
    .argument('<name>', 'of the setting')
    .action(async name => {
      const { lake, json, print, signal } = await session()
      const setting = await answerOf(lake.api.DELETE('/v1/settings/{name}', { params: { path: { name } }, signal }))
      print(json ? JSON.stringify(setting) : `${setting.name} is ${setting.value}, the default`)
    })

  settings
    .command('history')
    .description('Shows who changed it, newest first.')
    .argument('[name]', 'of the setting; all of them if it is missing')
    .action(async name => {
      const { lake, json, print, signal } = await session()
      const answer = await answerOf(
        name === undefined
          ? lake.api.GET('/v1/audit', { signal })
          : lake.api.GET('/v1/settings/{name}/history', { params: { path: { name } }, signal }),
      )
      if (json) return print(JSON.stringify(answer))
      const rows = answer.changes.map(({ old, new: next, ...rest }) => ({ ...rest, from: old ?? 'default', to: next ?? 'default' }))
      print(recordsText(['changedAt', 'name', 'from', 'to', 'changedBy'], rows))
    })
}

/** What is none of these the service refuses, with what it would take. */
function settingValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
}
