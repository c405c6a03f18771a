import type { Column } from '../../../api/rows.ts'
import { type ChartChoice, chartKinds, isFigure, isPlain, maxSeries } from './chart-choice.ts'

interface ChartControlsProps {
  readonly choice: ChartChoice
  readonly columns: readonly Column[]
  readonly onChange: (choice: ChartChoice) => void
}

/** What is drawn, and how. */
export function ChartControls({ choice, columns, onChange }: ChartControlsProps) {
  const { kind, x, y, by } = choice
  const places = columns.filter(isPlain)
  const figures = columns.filter(isFigure)
  const [first] = places
  const single = kind === 'histogram'
  const choose = (name: string, chosen: boolean) => {
    const next = chosen ? [...y, name] : y.filter(each => each !== name)
    if (next.length > 0) onChange({ ...choice, y: next })
  }
  return (
    <div class="chart-controls" role="toolbar" aria-label="Chart">
      <Choice
        label="Kind"
        value={kind}
        options={[...chartKinds]}
        onChange={value => {
          const next = chartKinds.find(each => each === value) ?? kind
          onChange({ ...choice, kind: next, x: x || (first?.name ?? ''), y: next === 'histogram' ? y.slice(0, 1) : y })
        }}
      />
      {single ? (
        <Choice
          label="Of"
          value={y[0] ?? ''}
          options={figures.map(({ name }) => name)}
          onChange={name => onChange({ ...choice, y: [name] })}
        />
      ) : (
        <>
          <Choice label="Along" value={x} options={places.map(({ name }) => name)} onChange={name => onChange({ ...choice, x: name })} />
          <fieldset class="chart-figures">
            <legend>Values</legend>
            {figures.slice(0, 40).map(({ name }) => (
              <label key={name} dir="auto">
                <input
                  type="checkbox"
                  checked={y.includes(name)}
                  disabled={!y.includes(name) && y.length >= maxSeries}
                  onChange={({ currentTarget }) => choose(name, currentTarget.checked)}
                />
                {short(name)}
              </label>
            ))}
          </fieldset>
          <Choice
            label="Split by"
            value={by ?? ''}
            options={['', ...places.map(({ name }) => name).filter(name => name !== x)]}
            onChange={name => onChange({ ...choice, by: name === '' ? undefined : name })}
          />
        </>
      )}
    </div>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly string[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label class="choice">
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {[...new Set(options)].slice(0, 200).map(option => (
          <option key={option} value={option}>
            {option === '' ? 'nothing' : short(option)}
          </option>
        ))}
      </select>
    </label>
  )
}

function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name
}
