import { useState } from 'preact/hooks'
import { readLineage } from '../../../api/operate.ts'
import { catalogue } from '../../../catalogue/catalogue.ts'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import { replaceSearch, route } from '../../../router.ts'
import { useAnswer } from '../use-answer.ts'
import { GraphView } from './graph-view.tsx'

/** What a table was made of, and what was made of it. */
export function LineagePart() {
  const { search } = route.value
  const tables = catalogue.value?.tables ?? []
  const [largest] = tables.toSorted((a, b) => Number(b.rowCount ?? 0) - Number(a.rowCount ?? 0))
  const dataset = search.get('dataset') ?? (largest && nameOf(largest))
  const namespace = search.get('namespace') ?? undefined
  const show = (name: string, of?: string) => replaceSearch({ part: 'lineage', dataset: name, ...(of !== undefined && { namespace: of }) })
  const names = tables.map(nameOf)
  const known = namespace === undefined && dataset !== undefined ? names.indexOf(dataset) : -1
  return (
    <div class="sections lineage">
      <div class="fields">
        <label>
          Table or view
          <select
            value={String(known)}
            onChange={({ currentTarget: { value } }) => {
              const name = names[Number(value)]
              if (name !== undefined) show(name)
            }}
          >
            {known < 0 && <option value="-1">{dataset?.slice(0, 80) ?? (catalogue.value ? 'there is none' : '…')}</option>}
            {names.map((name, index) => (
              <option key={name} value={String(index)}>
                {name.replace(/^main\./, '').slice(0, 80)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {dataset !== undefined && <Graph key={`${namespace} ${dataset}`} dataset={dataset} namespace={namespace} onShow={show} />}
    </div>
  )
}

interface GraphProps {
  readonly dataset: string
  readonly namespace: string | undefined
  readonly onShow: (dataset: string, namespace?: string) => void
}

function Graph({ dataset, namespace, onShow }: GraphProps) {
  const [tries, setTries] = useState(0)
  const { answer, problem } = useAnswer(signal => readLineage(dataset, namespace, signal), `${tries}`)
  if (problem?.status === 404) return <p class="muted">Nothing is known of where it comes from and where it goes.</p>
  if (problem) return <ProblemBox problem={problem} onRetry={() => setTries(tries + 1)} />
  return answer ? <GraphView graph={answer} onShow={onShow} /> : <p class="muted" aria-busy="true" />
}

/** As lineage calls a table of the lake: a part with a dot or a quote is quoted. */
function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return [schema, name].map(part => (/[."]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join('.')
}
