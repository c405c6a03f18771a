import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'

/** Statements that are kept ready: what keeps a connection alive or asks for a constant comes again and again. */
const maxKept = 100

/** Prepared statements that read nothing. Those that read the lake must not be kept: DuckLake binds a snapshot when it prepares, and a
 * second run of the same statement would answer with the old rows. */
export class PreparedConstants {
  private readonly kept = new Map<string, DuckDBPreparedStatement>()

  constructor(private readonly duckdb: DuckDBConnection) {}

  async prepare(sql: string): Promise<DuckDBPreparedStatement> {
    const known = this.kept.get(sql)
    if (known) return known
    const prepared = await this.duckdb.prepare(sql)
    const [oldest] = this.kept
    if (oldest && this.kept.size >= maxKept) {
      this.kept.delete(oldest[0])
      oldest[1].destroySync()
    }
    this.kept.set(sql, prepared)
    return prepared
  }
}
