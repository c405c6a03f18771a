import { Argument } from '@commander-js/extra-typings'
import { answerOf } from '../../client/lake-client.ts'
import { complete } from '../completion/complete.ts'
import { completionScript, quoted, shells } from '../completion/completion-scripts.ts'
import type { Program } from '../new-program.ts'
import type { Sessions } from '../session.ts'

/** Whoever presses Tab does not wait for longer. */
const patienceMs = 1_000

/** `lake completion`: what makes a shell complete the command's words. */
export function addCompletion(program: Program, session: Sessions): void {
  program
    .command('completion')
    .description('Prints what a shell needs to complete the words of this command.')
    .addArgument(new Argument('<shell>', 'yours').choices(shells))
    .addHelpText('after', '\nbash, zsh: eval "$(lake completion bash)"   fish: lake completion fish | source')
    .action(shell => {
      const [, script = 'lake'] = process.argv
      process.stdout.write(`${completionScript(shell, [process.execPath, script].map(quoted).join(' '))}\n`)
    })

  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async words => {
      const tables = async () => {
        const { lake } = await session()
        const answer = await answerOf(lake.api.GET('/v1/tables', { signal: AbortSignal.timeout(patienceMs) }))
        return answer.tables
          .map(({ schema, name }) => (schema === 'main' ? name : `${schema}.${name}`))
          .filter(name => /^[\w.]+$/.test(name))
      }
      const found = await complete(program, words, () => tables().catch(() => []))
      for (const { word, about } of found) process.stdout.write(`${word}\t${about}\n`)
    })
}
