import { listQueues, readEngines, readReadiness } from '../../../api/operate.ts'
import { listQueries } from '../../../api/queries.ts'
import { may } from '../../../caller.ts'
import { bytesText, grouped } from '../../../format/numbers.ts'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import { NeedsScope } from '../needs-scope.tsx'
import { useAnswer } from '../use-answer.ts'
import { QueuesTable } from './queues-table.tsx'
import { RunningTable } from './running-table.tsx'

/** How often it is looked at. */
const everyMs = 2_000

/** What the names of the checks mean. */
const checkNames: Readonly<Record<string, string>> = {
  draining: 'takes requests',
  catalog: 'catalog',
  store: 'keys and history',
  storage: 'files',
  engines: 'engines that read',
  writers: 'engines that write',
}

/** What the service is doing at this moment. */
export function NowPart() {
  return (
    <div class="sections">
      <Running />
      <Health />
      <NeedsScope scope="admin" what="Figures of the engines">
        <EngineFigures />
      </NeedsScope>
      <Queues />
    </div>
  )
}

function Running() {
  const all = may('admin')
  const { answer, problem, again } = useAnswer(
    async signal => {
      const [running, queued] = [
        await listQueries({ all, state: 'running', limit: 200 }, signal),
        await listQueries({ all, state: 'queued', limit: 200 }, signal),
      ]
      return [...running.queries, ...queued.queries]
    },
    `running ${all}`,
    everyMs,
  )
  return (
    <section>
      <h2>{all ? 'Statements that run or wait' : 'Your statements that run or wait'}</h2>
      {problem && <ProblemBox problem={problem} onRetry={again} />}
      {answer && <RunningTable queries={answer} withKeys={all} onChange={again} />}
    </section>
  )
}

function Health() {
  const { answer, problem, again } = useAnswer(readReadiness, 'readiness', everyMs * 5)
  return (
    <section>
      <h2>What the service stands on</h2>
      {problem && <ProblemBox problem={problem} onRetry={again} />}
      <ul class="checks">
        {answer?.checks?.map(({ name, ok, detail, tookMs }) => (
          <li key={name} class={ok ? 'good' : 'bad'}>
            <b>{ok ? '✓' : '✗'}</b> {checkNames[name] ?? name} <span class="muted">{detail ?? `${tookMs} ms`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function EngineFigures() {
  const { answer, problem, again } = useAnswer(readEngines, 'engines', everyMs)
  if (!answer) return problem ? <ProblemBox problem={problem} onRetry={again} /> : null
  const rows = [['Read', answer.readers] as const, ['Write', answer.writers] as const]
  return (
    <section>
      <h2>Engines</h2>
      <table class="plain wide">
        <thead>
          <tr>
            <th>They</th>
            <th class="number">Ready</th>
            <th class="number">Of</th>
            <th class="number">At work</th>
            <th class="number">Waiting</th>
            <th class="number">Memory</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, { engines, wanted, running, waiting, memoryBytes }]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td class={`number ${engines < wanted ? 'warning' : ''}`}>{grouped(engines)}</td>
              <td class="number">{grouped(wanted)}</td>
              <td class="number">{grouped(running)}</td>
              <td class={`number ${waiting > 0 ? 'warning' : ''}`}>{grouped(waiting)}</td>
              <td class="number">{bytesText(memoryBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted">Of the process that answered, {answer.process}; others count for themselves.</p>
    </section>
  )
}

function Queues() {
  const { answer, problem } = useAnswer(listQueues, 'queues', everyMs)
  return (
    <section>
      <h2>Queues of rows</h2>
      {problem && <ProblemBox problem={problem} />}
      {answer && <QueuesTable queues={answer.queues} />}
    </section>
  )
}
