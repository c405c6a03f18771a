import { listRuns } from '../../../api/operate.ts'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import { NeedsScope } from '../needs-scope.tsx'
import { useAnswer } from '../use-answer.ts'
import { RunForm } from './run-form.tsx'
import { RunsTable } from './runs-table.tsx'

/** What keeps the lake small and quick. */
export function MaintenancePart() {
  return (
    <NeedsScope scope="admin" what="Runs of maintenance">
      <Maintenance />
    </NeedsScope>
  )
}

function Maintenance() {
  const { answer, problem, again } = useAnswer(listRuns, 'runs', 5_000)
  return (
    <div class="sections">
      <RunForm onRun={again} />
      <section>
        <h2>What was done</h2>
        {problem && <ProblemBox problem={problem} onRetry={again} />}
        {answer && <RunsTable runs={answer.runs} />}
      </section>
    </div>
  )
}
