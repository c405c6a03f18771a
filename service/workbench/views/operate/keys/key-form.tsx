import { useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../../api/ask.ts'
import { type Key, makeKey, type NewKey } from '../../../api/operate.ts'
import { catalogue } from '../../../catalogue/catalogue.ts'
import { Dialog } from '../../../parts/dialog.tsx'
import { ProblemBox } from '../../../parts/problem-box.tsx'

interface KeyFormProps {
  readonly onClose: () => void
  readonly onMade: (key: Key & { readonly key: string }) => void
}

const scopes = [
  ['read', 'query, and see tables and versions'],
  ['write', 'change rows'],
  ['ddl', 'make, change and drop tables'],
  ['admin', 'all of it, keys and maintenance too'],
] as const
type Scope = (typeof scopes)[number][0]

/** Makes a key: for whom, what it may, which tables, until when. What is typed stays if the service refuses it. */
export function KeyForm({ onClose, onMade }: KeyFormProps) {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(['read'])
  const [some, setSome] = useState(false)
  const [granted, setGranted] = useState<ReadonlySet<number>>(new Set())
  const [until, setUntil] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const tables = catalogue.value?.tables ?? []
  const make = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const body: NewKey = {
        name,
        scopes: [...chosen],
        ...(some && { grants: tables.flatMap((each, index) => (granted.has(index) ? [{ schema: each.schema, table: each.name }] : [])) }),
        ...(until !== '' && { expiresAt: new Date(`${until}T23:59:59`).toISOString() }),
      }
      onMade(await makeKey(body))
    } catch (error) {
      setProblem(toProblem(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title="New key" onClose={onClose}>
      <form
        class="new-key"
        onSubmit={event => {
          event.preventDefault()
          make()
        }}
      >
        <label>
          For whom or what
          <input required maxLength={200} value={name} dir="auto" onInput={({ currentTarget }) => setName(currentTarget.value)} />
        </label>
        <fieldset>
          <legend>It may</legend>
          {scopes.map(([scope, what]) => (
            <label key={scope} class="check">
              <input
                type="checkbox"
                checked={chosen.includes(scope)}
                onChange={({ currentTarget: { checked } }) =>
                  setChosen(checked ? [...chosen, scope] : chosen.filter(each => each !== scope))
                }
              />
              {scope} <span class="muted">{what}</span>
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>Of</legend>
          <label class="check">
            <input type="radio" name="tables" checked={!some} onChange={() => setSome(false)} />
            every table
          </label>
          <label class="check">
            <input type="radio" name="tables" checked={some} onChange={() => setSome(true)} />
            these alone
          </label>
          {some && (
            <div class="grants">
              {tables.map(({ schema, name: table }, index) => (
                <label key={`${schema}.${table}`} class="check">
                  <input
                    type="checkbox"
                    checked={granted.has(index)}
                    onChange={({ currentTarget: { checked } }) => setGranted(toggled(granted, index, checked))}
                  />
                  <span dir="auto">
                    {schema === 'main' ? '' : `${schema}.`}
                    {table.slice(0, 100)}
                  </span>
                </label>
              ))}
            </div>
          )}
        </fieldset>
        <label>
          Until the end of
          <input type="date" value={until} onInput={({ currentTarget }) => setUntil(currentTarget.value)} />
        </label>
        {problem && <ProblemBox problem={problem} />}
        <footer>
          <button type="submit" class="primary" disabled={busy || chosen.length === 0 || (some && granted.size === 0)}>
            Make the key
          </button>
        </footer>
      </form>
    </Dialog>
  )
}

function toggled(set: ReadonlySet<number>, index: number, isIn: boolean): ReadonlySet<number> {
  const next = new Set(set)
  if (isIn) next.add(index)
  else next.delete(index)
  return next
}
