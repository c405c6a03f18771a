import type { Parameter, Parameters } from '../../api/queries.ts'
import { parametersOf } from '../../sql/statements.ts'
import type { ParameterInput } from './tab.ts'

export const parameterTypes = ['auto', 'VARCHAR', 'BIGINT', 'DOUBLE', 'DECIMAL(18,3)', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'NULL'] as const

/** What is sent for the parameters of a statement: a list for $1, $2, …, else an object. */
export function parametersFor(sql: string, inputs: Readonly<Record<string, ParameterInput>>): Parameters | undefined {
  const names = parametersOf(sql)
  if (names.length === 0) return undefined
  const value = (name: string) => parameterOf(inputs[name] ?? { text: '', type: 'auto' })
  const numbers = names.map(Number)
  if (numbers.some(Number.isNaN)) return Object.fromEntries(names.map(name => [name, value(name)]))
  return Array.from({ length: Math.max(...numbers) }, (_, index) => value(String(index + 1)))
}

/** A number that JSON can hold goes as one; digits that it cannot hold go as text with their type. */
export function parameterOf({ text, type }: ParameterInput): Parameter {
  if (type === 'NULL') return null
  if (type === 'VARCHAR') return text
  if (type !== 'auto') return { type, value: text }
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : { type: 'HUGEINT', value: text }
  if (/^-?\d+\.\d+$/.test(text)) return text.replace(/\D/g, '').length <= 15 ? Number(text) : { type: 'DECIMAL(38,10)', value: text }
  if (text === 'true' || text === 'false') return text === 'true'
  return text
}

/** What is typed in an input for a value that was sent once. */
export function inputOf(value: Parameter): ParameterInput {
  if (value === null) return { text: '', type: 'NULL' }
  if (typeof value === 'object') return { text: String(value.value ?? ''), type: value.type }
  if (typeof value === 'string') return { text: value, type: 'VARCHAR' }
  return { text: String(value), type: 'auto' }
}

export function inputsOf(parameters: Parameters | null): Record<string, ParameterInput> {
  if (parameters === null) return {}
  const named = isList(parameters)
    ? parameters.map((value, index): [string, Parameter] => [String(index + 1), value])
    : Object.entries(parameters)
  return Object.fromEntries(named.map(([name, value]) => [name, inputOf(value)]))
}

function isList(parameters: Parameters): parameters is readonly Parameter[] {
  return Array.isArray(parameters)
}
