import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { FoundFault } from '../exit-codes.ts'
import type { Program } from '../new-program.ts'

/** Programs of the service that a backup is made and tried with, by the command's word for them. */
const programs = {
  make: { module: 'backup', does: 'Puts catalog and files into a folder or bucket, while the service goes on.' },
  restore: { module: 'restore', does: 'Restores a backup into a lake that is not there yet.' },
  drill: { module: 'restore-drill', does: 'Restores a backup aside, compares every table, and removes it again.' },
} as const

/** `lake backup`: the same as `npm run backup`, `restore` and `restore-drill`, with the service's own environment: a backup must not depend
 * on a service that answers. */
export function addBackup(program: Program, signal: AbortSignal): void {
  const backup = program
    .command('backup')
    .description('Makes backups of the lake and restores them, with the environment of the service itself.')
  for (const [word, { module, does }] of Object.entries(programs))
    backup
      .command(word)
      .description(does)
      .argument('[options...]', `what docs/maintenance.md has for npm run ${module}, such as --to or --from`)
      .allowUnknownOption()
      .action(async words => {
        const asked = program.opts().json ? ['--json'] : []
        // Ctrl-C in a terminal goes to the whole group of processes, a signal of another program only to this one.
        const child = spawn(process.execPath, [fileURLToPath(new URL(`../../${module}.js`, import.meta.url)), ...words, ...asked], {
          stdio: 'inherit',
        })
        signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true })
        const code = await new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject))
        if (code !== 0) throw new FoundFault(`${module} ended with ${code}`, code ?? undefined)
      })
}
