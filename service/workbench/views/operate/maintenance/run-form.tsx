import { useEffect, useRef, useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../../api/ask.ts'
import { beginRun, lookAtRun, type MaintenanceRun } from '../../../api/operate.ts'
import { catalogue } from '../../../catalogue/catalogue.ts'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import { RunReport } from './run-report.tsx'
import { tasks } from './tasks.ts'

/** Chooses a task and tries it; only what was tried can be done, and only as it was tried. */
export function RunForm({ onRun }: { readonly onRun: () => void }) {
  const [name, setName] = useState('compact')
  const [table, setTable] = useState(-1)
  const [age, setAge] = useState('')
  const [run, setRun] = useState<MaintenanceRun>()
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const gone = useRef(new AbortController())
  useEffect(() => () => gone.current.abort(), [])
  const task = tasks.find(each => each.name === name)
  const tables = (catalogue.value?.tables ?? []).filter(({ kind }) => kind === 'table')
  const chosen = tables[table]
  const change = (act: () => void) => {
    act()
    setRun(undefined)
    setProblem(undefined)
  }
  const start = async (dryRun: boolean) => {
    setBusy(true)
    setProblem(undefined)
    try {
      let begun = await beginRun(name, {
        dryRun,
        ...(task?.hasTable && chosen && { table: { schema: chosen.schema, table: chosen.name } }),
        ...(task?.hasAge && age !== '' && { olderThanHours: Number(age) }),
      })
      while (begun.state === 'running') {
        setRun(begun)
        begun = await lookAtRun(begun.id, gone.current.signal)
      }
      setRun(begun)
    } catch (error) {
      if (!gone.current.signal.aborted) setProblem(toProblem(error))
    }
    setBusy(false)
    onRun()
  }
  const tried = run?.dryRun === true && run.state === 'succeeded'
  return (
    <section>
      <h2>Do something</h2>
      <form
        class="fields"
        onSubmit={event => {
          event.preventDefault()
          start(true)
        }}
      >
        <label>
          Task
          <select value={name} disabled={busy} onChange={({ currentTarget: { value } }) => change(() => setName(value))}>
            {tasks.map(each => (
              <option key={each.name} value={each.name}>
                {each.title}
              </option>
            ))}
          </select>
        </label>
        {task?.hasTable && (
          <label>
            Of
            <select
              value={String(table)}
              disabled={busy}
              onChange={({ currentTarget: { value } }) => change(() => setTable(Number(value)))}
            >
              <option value="-1">every table</option>
              {tables.map(({ schema, name: of }, index) => (
                <option key={`${schema}.${of}`} value={String(index)}>
                  {`${schema === 'main' ? '' : `${schema}.`}${of}`.slice(0, 80)}
                </option>
              ))}
            </select>
          </label>
        )}
        {task?.hasAge && (
          <label>
            Older than, hours
            <input
              class="short"
              type="number"
              min={24}
              max={876_000}
              placeholder="as set"
              value={age}
              disabled={busy}
              onInput={({ currentTarget: { value } }) => change(() => setAge(value))}
            />
          </label>
        )}
        <button type="submit" disabled={busy}>
          Try it
        </button>
        <button type="button" class="primary" disabled={busy || !tried} title={tried ? '' : 'Try it first'} onClick={() => start(false)}>
          Do it
        </button>
      </form>
      <p class="muted">
        {task?.what} {task?.takes && <strong class="warning">{task.takes}</strong>}
      </p>
      {problem && <ProblemBox problem={problem} />}
      {run && <RunReport run={run} />}
    </section>
  )
}
