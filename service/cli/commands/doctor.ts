import { readConfig } from '../../config.ts'
import type { Finding } from '../../doctor/finding.ts'
import { SettingError } from '../../startup-error.ts'
import { FoundFault } from '../exit-codes.ts'
import type { Program } from '../new-program.ts'
import { visible } from '../print/cell-text.ts'

/** `lake doctor`: what the service of this environment stands on, and what to do about what is wrong. */
export function addDoctor(program: Program): void {
  program
    .command('doctor')
    .description('Checks storage, catalog, extensions, clocks and versions, with the environment of the service itself.')
    .action(async () => {
      const { json = false } = program.opts()
      const findings = await examined()
      const faults = findings.filter(({ state }) => state === 'fault')
      if (json) process.stdout.write(`${JSON.stringify({ healthy: faults.length === 0, findings })}\n`)
      else process.stdout.write(`${findings.map(findingText).join('\n')}\n`)
      if (faults.some(({ check }) => check === 'settings')) throw new SettingError('The settings of the service are wrong.')
      if (faults.length > 0) throw new FoundFault(`${faults.length} faults`)
    })
}

async function examined(): Promise<readonly Finding[]> {
  try {
    const config = readConfig(undefined, [])
    const { examineLake } = await import('../../doctor/examine-lake.ts')
    return await examineLake(config)
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    return [{ check: 'settings', state: 'fault', what: error.message, where: 'the environment', todo: 'Set it as docs/service.md says.' }]
  }
}

function findingText({ check, state, what, where, todo }: Finding): string {
  const line = `${state.padEnd(8)} ${check.padEnd(12)} ${visible(what)} (${visible(where)})`
  return todo === undefined ? line : `${line}\n${' '.repeat(22)}→ ${visible(todo)}`
}
