import { BIGINT, BOOLEAN, DOUBLE, type DuckDBConnection, type DuckDBPreparedStatement, SQLNULL, VARCHAR } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { classifyError } from './classify-error.ts'
import type { Parameters, ParameterValue } from './messages.ts'

/** A type as users write it: `DATE`, `DECIMAL(18, 3)`, `TIMESTAMP WITH TIME ZONE`, `INTEGER[]`. It becomes part of a statement, so nothing else may. */
const typeName = /^[a-z_]+( with time zone)?( ?\( ?\d{1,2} ?(, ?\d{1,2} ?)?\))?(\[\d{0,5}\])*$/i

/** Gives a prepared statement its parameters. @throws ServiceError that names the parameter which is missing, unknown or no value of its type. */
export async function bindParams(
  duckdb: DuckDBConnection,
  prepared: DuckDBPreparedStatement,
  params: Parameters | undefined,
): Promise<void> {
  const names = Array.from({ length: prepared.parameterCount }, (_, index) => prepared.parameterName(index + 1))
  const given = new Map<string, ParameterValue>(
    Array.isArray(params) ? params.map((value, index) => [`${index + 1}`, value]) : Object.entries(params ?? {}),
  )
  const unknown = [...given.keys()].find(name => !names.includes(name))
  if (unknown !== undefined) {
    const there = names.length > 0 ? `it has ${names.map(name => `$${name}`).join(', ')}` : 'it has none'
    throw new ServiceError('invalidRequest', `params has "${unknown}", but the statement has no parameter of this name: ${there}.`)
  }
  for (const [index, name] of names.entries()) {
    const value = given.get(name)
    if (value === undefined) throw new ServiceError('invalidRequest', `params has no value for $${name}.`)
    await bind(duckdb, prepared, index + 1, name, value)
  }
}

async function bind(
  duckdb: DuckDBConnection,
  prepared: DuckDBPreparedStatement,
  index: number,
  name: string,
  value: ParameterValue,
): Promise<void> {
  if (value === null) prepared.bindValue(index, null, SQLNULL)
  else if (typeof value === 'string') prepared.bindValue(index, value, VARCHAR)
  else if (typeof value === 'boolean') prepared.bindValue(index, value, BOOLEAN)
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) prepared.bindValue(index, BigInt(value), BIGINT)
    else if (Number.isInteger(value))
      throw new ServiceError(
        'invalidRequest',
        `params: ${name} is beyond 2^53: send {"type": "BIGINT", "value": "…"} with its digits as text.`,
      )
    else prepared.bindValue(index, value, DOUBLE)
  } else {
    const type = value.type.trim()
    if (!typeName.test(type))
      throw new ServiceError('invalidRequest', `params: ${name} has the type "${value.type}", which is no DuckDB type.`)
    try {
      const reader = await duckdb.runAndReadAll(`SELECT CAST($1::VARCHAR AS ${type})`, [value.value === null ? null : String(value.value)])
      prepared.bindValue(index, reader.value(0, 0), reader.columnType(0))
    } catch (error) {
      throw new ServiceError('invalidRequest', `params: ${name} is no ${type}: ${classifyError(error, '').detail}`)
    }
  }
}
