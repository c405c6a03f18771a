import { parseArgs } from 'node:util'
import { buildMissingPrograms, noMinio } from '../service/servers/minio-programs.ts'
import { runChaos } from './run-chaos.ts'

// `npm run chaos`: the long run. `-- --seconds 600 --kills 100` makes it shorter, `--seed` repeats a plan.

const usage = 'Options: --commits N, --kills N, --seconds N, --writers N, --seed N.'

const { values } = parseArgs({
  options: {
    commits: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '3600' },
    writers: { type: 'string', default: '8' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})
const [commits = 0, kills = 0, seconds = 0, writers = 0, seed = 0] = [
  values.commits,
  values.kills,
  values.seconds,
  values.writers,
  values.seed,
].map(text => (/^\d{1,9}$/.test(text) ? Number(text) : stop(`"${text}" is no whole number. ${usage}`)))
buildMissingPrograms()
const missing = noMinio()
if (missing) stop(`There can be no chaos without ${missing}.`)

console.log(`At least ${commits} appends and ${kills} kills within ${seconds} s, by ${writers} writers, seed ${seed}.`)
const outcome = await runChaos({ seed, writers, commits, kills, seconds, pauseMs: 400 }, line => console.log(line))
const { wrong, wrongWithoutOrphans, spooledLeft, ...counts } = outcome
console.log(JSON.stringify(counts, undefined, 2))
for (const sentence of [...wrong, ...wrongWithoutOrphans, ...spooledLeft]) console.log(sentence)
const reached = outcome.acknowledged >= commits && Object.values(outcome.killed).reduce((sum, count) => sum + count, 0) >= kills
if (!reached) console.log('The time was up before both numbers were reached.')
process.exit(reached && wrong.length + wrongWithoutOrphans.length + spooledLeft.length + outcome.orphansLeft === 0 ? 0 : 1)

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}
