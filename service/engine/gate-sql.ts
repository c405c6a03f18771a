import type { DuckDBConnection } from '@duckdb/node-api'
import { Gate } from './gate.ts'

const gates = new WeakMap<DuckDBConnection, Gate>()

/** Checks a statement against the lake's newest snapshot. @returns it without what follows it. @throws ServiceError */
export async function gateSql(duckdb: DuckDBConnection, sql: string): Promise<string> {
  const gate = gates.get(duckdb) ?? new Gate(duckdb)
  gates.set(duckdb, gate)
  const [snapshot] = (await duckdb.runAndReadAll('FROM lake.current_snapshot()')).getRows()
  await gate.refresh(BigInt(String(snapshot?.[0])))
  return (await gate.check(sql)).sql
}
