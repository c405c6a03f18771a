import { drill } from './backup/drill.ts'
import { openLakeAtHand } from './backup/lake-at-hand.ts'
import { runProgram } from './backup/program.ts'

// `npm run restore-drill`: proves that a backup can be restored, somewhere aside, and says how much time and how many writes a loss would cost.

const options = { from: { type: 'string' }, id: { type: 'string' } } as const

await runProgram(options, process.argv.slice(2), async program => {
  const lake = await openLakeAtHand(program.config, program)
  try {
    return await drill(lake, program)
  } finally {
    await lake.stop()
  }
})
