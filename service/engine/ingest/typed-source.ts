import type { DuckDBConnection } from '@duckdb/node-api'
import { quote, quoteName } from '../../catalog/quote.ts'
import type { Column } from '../messages.ts'
import { type Match, matchColumns } from './match-columns.ts'
import { acceptedRows, type Cell, findRowRejects, type Rows, withoutNul } from './row-rejects.ts'
import type { OpenSource, Rejects, TargetColumn } from './source.ts'

/** Rows whose values have types already. */
export class TypedSource implements OpenSource {
  /** @param rows a query for `line` and the columns, as `s0`, `s1`, … */
  constructor(
    private readonly connection: DuckDBConnection,
    readonly columns: readonly Column[],
    private readonly rows: string,
    readonly close: () => Promise<void> = async () => {},
  ) {}

  strictSql(target: readonly TargetColumn[]): string {
    const selected = this.matched(target).map(each => `${strictValue(each)} AS ${quoteName(each.target.name)}`)
    return `SELECT ${selected.join(', ')} FROM (${this.rows})`
  }

  acceptedSql(target: readonly TargetColumn[]): string {
    return acceptedRows(this.cells(target))
  }

  findRejects(target: readonly TargetColumn[], keep: number): Promise<Rejects> {
    return findRowRejects(this.connection, this.cells(target), keep)
  }

  private cells(target: readonly TargetColumn[]): Rows {
    return { from: this.rows, cells: this.matched(target).map(cellOf) }
  }

  private matched(target: readonly TargetColumn[]): readonly Placed[] {
    const names = this.columns.map(({ name }) => name)
    return matchColumns(names, target).map(match => {
      const index = names.indexOf(match.source)
      return { ...match, value: `s${index}`, type: this.columns[index]?.type ?? '' }
    })
  }
}

interface Placed extends Match {
  /** The source's value, as SQL, and its type. */
  readonly value: string
  readonly type: string
}

function strictValue({ value, type, target }: Placed): string {
  if (type === target.type) return withoutNul(value, target)
  const cast = `CAST(${value} AS ${target.type})`
  if (!loses(type)) return withoutNul(cast, target)
  const refused = `error(${quote(`Column "${target.name}": a value of ${type} does not fit ${target.type} without a loss`)})`
  return withoutNul(`CASE WHEN CAST(${cast} AS ${type}) IS DISTINCT FROM ${value} THEN ${refused} ELSE ${cast} END`, target)
}

function cellOf({ value, type, target }: Placed): Cell {
  const cast = `TRY_CAST(${value} AS ${target.type})`
  const lossless = `CASE WHEN TRY_CAST(${cast} AS ${type}) IS NOT DISTINCT FROM ${value} THEN ${cast} END`
  const converted = type === target.type ? value : loses(type) ? lossless : cast
  return { target, present: `${value} IS NOT NULL`, converted, shown: `CAST(${value} AS VARCHAR)` }
}

/** A cast of these rounds or cuts without a word. */
function loses(type: string): boolean {
  return /^(FLOAT|DOUBLE|DECIMAL|TIME|TIMESTAMP)/.test(type)
}
