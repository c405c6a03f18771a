import { backUp } from './backup/back-up.ts'
import { openLakeAtHand } from './backup/lake-at-hand.ts'
import { openBackups, runProgram } from './backup/program.ts'
import { pruneBackups } from './backup/prune-backups.ts'
import { StartupError } from './startup-error.ts'

// `npm run backup`: catalog, gateway's tables and data files into a folder or a bucket, while the service goes on.

const options = {
  to: { type: 'string' },
  keep: { type: 'string' },
  'catalog-only': { type: 'boolean', default: false },
  'without-checksums': { type: 'boolean', default: false },
} as const

await runProgram(options, process.argv.slice(2), async program => {
  const { config, options: said, say, signal } = program
  const keep = said.keep === undefined ? undefined : Number(said.keep)
  if (keep !== undefined && !(Number.isInteger(keep) && keep > 0))
    throw new StartupError(`--keep is "${said.keep}": use a whole number from 1 on.`)
  const to = await openBackups(config, said.to, '--to')
  const lake = await openLakeAtHand(config, program)
  try {
    const { report } = await backUp(lake, to, {
      catalogOnly: said['catalog-only'],
      checksums: !said['without-checksums'],
      limits: config.engine,
      say,
      signal,
    })
    return { ...report, ...(keep !== undefined && { pruned: await pruneBackups(to, keep, say) }) }
  } finally {
    await lake.stop()
  }
})
