import type { DuckDBConnection } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import type { TableName } from './lake-tables.ts'

/** What a statement must not fall for: views and macros that somebody else put into the lake. They are read anew when the lake has a new
 * snapshot. Views that were dropped count too, because time travel brings them back. */
export class LakeDefinitions {
  private snapshotId = ''
  private views = new Map<string, string[]>()
  private macros = new Set<string>()
  private shadowing: string | undefined

  private constructor(
    private readonly lake: DuckDBConnection,
    private readonly builtIn: ReadonlySet<string>,
  ) {}

  static async open(lake: DuckDBConnection): Promise<LakeDefinitions> {
    const names = await lake.runAndReadAll(`SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE database_name = 'system'`)
    return new LakeDefinitions(lake, new Set(names.getRows().map(([name]) => String(name))))
  }

  async refresh(snapshotId: string): Promise<void> {
    if (snapshotId === this.snapshotId) return
    const reader = await this.lake.runAndReadAll(`
      SELECT 'macro', NULL, macro_name, NULL FROM __ducklake_metadata_lake.ducklake_macro WHERE end_snapshot IS NULL
      UNION ALL
      SELECT 'view', schema_name, view_name, sql
      FROM __ducklake_metadata_lake.ducklake_view JOIN __ducklake_metadata_lake.ducklake_schema USING (schema_id)`)
    this.views = new Map()
    this.macros = new Set()
    for (const [kind, schema, name, sql] of reader.getRows()) {
      if (kind === 'macro') this.macros.add(String(name).toLowerCase())
      else {
        const key = keyOf(String(schema), String(name))
        this.views.set(key, [...(this.views.get(key) ?? []), String(sql)])
      }
    }
    this.shadowing = [...this.macros].find(name => this.builtIn.has(name))
    this.snapshotId = snapshotId
  }

  /** @throws ServiceError if the statement would run a macro of the lake, or could without naming it. */
  assertNoMacro(functions: ReadonlySet<string>): void {
    if (this.shadowing !== undefined) {
      const detail = `The lake has a macro "${this.shadowing}", which takes the place of DuckDB's own function in every statement: nothing can be read until it is dropped.`
      throw new ServiceError('statementRefused', detail)
    }
    const macro = [...functions].find(name => this.macros.has(name))
    if (macro !== undefined)
      throw new ServiceError('statementRefused', `"${macro}" is a macro of the lake: write what it stands for into the statement.`)
  }

  /** The texts of a view, of every version that it had; empty for a table. */
  viewTexts({ schema, name }: TableName): readonly string[] {
    return this.views.get(keyOf(schema, name)) ?? []
  }
}

function keyOf(schema: string, name: string): string {
  return `${schema.toLowerCase()}.${name.toLowerCase()}`
}
