import { parametersOf } from '../../sql/statements.ts'
import { parameterTypes } from './parameters.ts'
import type { ParameterInput, Tab } from './tab.ts'
import { changeTab } from './tabs.ts'

/** An input for each `$name` of the text. What was typed for one that went away comes back with it. */
export function ParameterInputs({ tab }: { readonly tab: Tab }) {
  const names = parametersOf(tab.sql)
  if (names.length === 0) return null
  const change = (name: string, input: ParameterInput) => changeTab(tab.id, { params: { ...tab.params, [name]: input } })
  return (
    <fieldset class="parameters">
      <legend class="unseen">Parameters</legend>
      {names.map(name => {
        const input = tab.params[name] ?? { text: '', type: 'auto' }
        const types = parameterTypes.some(type => type === input.type) ? parameterTypes : [...parameterTypes, input.type]
        return (
          <div key={name} class="parameter">
            <label>
              <span class="parameter-name">${name}</span>
              <input
                value={input.text}
                disabled={input.type === 'NULL'}
                onInput={({ currentTarget }) => change(name, { ...input, text: currentTarget.value })}
              />
            </label>
            <select
              aria-label={`Type of $${name}`}
              value={input.type}
              onChange={({ currentTarget }) => change(name, { ...input, type: currentTarget.value })}
            >
              {types.map(type => (
                <option key={type}>{type}</option>
              ))}
            </select>
          </div>
        )
      })}
    </fieldset>
  )
}
