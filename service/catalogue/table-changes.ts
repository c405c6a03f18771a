import { metadataDatabase as meta } from '../catalog/metadata-database.ts'
import type { TableName } from '../catalog/table-name.ts'
import type { Row } from './read-rows.ts'
import type { Snapshot } from './time-line.ts'

export const tableChangeKinds = ['created', 'renamed', 'altered', 'inserted', 'deleted', 'dropped', 'merged', 'rewritten'] as const

/** What a snapshot did to one table. Null: nobody can say any more. */
export interface TableChange extends TableName {
  readonly kinds: readonly (typeof tableChangeKinds)[number][]
  readonly rowsAdded: string | null
  readonly rowsRemoved: string | null
  readonly filesAdded: number | null
  readonly filesRemoved: number | null
}

const [dataFiles, deleteFiles] = [`${meta}.ducklake_data_file`, `${meta}.ducklake_delete_file`]

/** Rows and files that came and went between two snapshots, for each snapshot and table. A file that was merged says only between which
 * snapshots its rows came: those are marked as covered. */
export function figuresSql(first: string, last: string): string {
  const within = (column: string) => `${column} BETWEEN ${first} AND ${last}`
  return `
    WITH figures AS (
      SELECT begin_snapshot AS id, table_id, sum(record_count) AS added, 0 AS removed, count(*) AS files_added, 0 AS files_removed
      FROM ${dataFiles} WHERE partial_max IS NULL AND ${within('begin_snapshot')} GROUP BY ALL
      UNION ALL
      SELECT f.end_snapshot, f.table_id, 0, sum(f.record_count - coalesce(d.delete_count, 0)), 0, count(*)
      FROM ${dataFiles} AS f LEFT JOIN ${deleteFiles} AS d ON d.data_file_id = f.data_file_id
        AND d.begin_snapshot < f.end_snapshot AND coalesce(d.end_snapshot, f.end_snapshot) >= f.end_snapshot
      WHERE ${within('f.end_snapshot')} GROUP BY ALL
      UNION ALL
      SELECT d.begin_snapshot, d.table_id, 0, sum(d.delete_count - coalesce(old.delete_count, 0)), 0, 0
      FROM ${deleteFiles} AS d LEFT JOIN ${deleteFiles} AS old
        ON old.data_file_id = d.data_file_id AND old.end_snapshot = d.begin_snapshot
      WHERE ${within('d.begin_snapshot')} GROUP BY ALL
    ), merged AS (
      SELECT 'rows' AS of, table_id, begin_snapshot, partial_max FROM ${dataFiles}
      WHERE partial_max >= ${first} AND begin_snapshot <= ${last}
      UNION ALL
      SELECT 'deletes', table_id, begin_snapshot, partial_max FROM ${deleteFiles}
      WHERE partial_max >= ${first} AND begin_snapshot <= ${last}
    )
    SELECT 'figures', id, table_id, sum(added)::BIGINT, sum(removed)::BIGINT, sum(files_added)::BIGINT, sum(files_removed)::BIGINT
    FROM figures GROUP BY ALL
    UNION ALL
    SELECT of, begin_snapshot, table_id, partial_max, NULL, NULL, NULL FROM merged`
}

/** Every name that a table had while one of these snapshots was the newest, of tables that they changed. */
export function namesSql(page: readonly Snapshot[], first: string, last: string): string {
  const ids = page.flatMap(({ changes }) => changes.flatMap(({ kind, of }) => (isKnown(kind) ? of : [])))
  return `
    SELECT table_id, schema_name, table_name, t.begin_snapshot, t.end_snapshot
    FROM ${meta}.ducklake_table AS t JOIN ${meta}.ducklake_schema AS s USING (schema_id)
    WHERE t.begin_snapshot <= ${last} AND coalesce(t.end_snapshot, ${last}) >= ${first}
      AND (t.begin_snapshot >= ${first} OR t.end_snapshot <= ${last} OR table_id IN (${['-1', ...new Set(ids)].join(', ')}))`
}

interface Named extends TableName {
  readonly id: string
  readonly begin: bigint
  readonly end: bigint | undefined
}

/** Puts the three answers together. @param oldest the first snapshot that can still be read: what it removed is forgotten with those before */
export class TableChanges {
  private readonly names: readonly Named[]
  private readonly figures = new Map<string, readonly string[]>()
  private readonly merged: readonly { readonly of: unknown; readonly table: string; readonly from: bigint; readonly to: bigint }[]

  constructor(
    names: readonly Row[],
    figures: readonly Row[],
    private readonly oldest: string,
  ) {
    this.names = names.map(([id, schema, name, begin, end]) => ({
      id: String(id),
      schema: String(schema),
      name: String(name),
      begin: BigInt(String(begin)),
      end: end === null ? undefined : BigInt(String(end)),
    }))
    for (const [kind, id, table, ...rest] of figures) if (kind === 'figures') this.figures.set(`${id} ${table}`, rest.map(String))
    this.merged = figures.flatMap(([of, from, table, to]) =>
      of === 'figures' ? [] : [{ of, table: String(table), from: BigInt(String(from)), to: BigInt(String(to)) }],
    )
  }

  of(snapshot: Snapshot): readonly TableChange[] {
    const id = BigInt(snapshot.id)
    const touched = new Set(this.names.filter(({ begin, end }) => begin === id || end === id).map(each => each.id))
    for (const { kind, of } of snapshot.changes) if (isKnown(kind)) for (const each of of) touched.add(each)
    return [...touched].flatMap(table => this.changeOf(snapshot, table, touched.size === 1))
  }

  private changeOf(snapshot: Snapshot, table: string, alone: boolean): TableChange[] {
    const id = BigInt(snapshot.id)
    const lives = this.names.filter(each => each.id === table)
    const now = lives.find(({ begin, end }) => begin <= id && (end === undefined || id < end))
    const named = now ?? lives.find(({ end }) => end === id)
    if (!named) return []
    const kinds = this.kindsOf(snapshot, table, lives)
    const has = (...wanted: readonly TableChange['kinds'][number][]) => kinds.some(kind => wanted.includes(kind))
    const [added = '0', removed = '0', filesAdded = '0', filesRemoved = '0'] = this.figures.get(`${snapshot.id} ${table}`) ?? []
    const covered = (what: 'rows' | 'deletes') =>
      this.merged.some(({ of, table: each, from, to }) => of === what && each === table && from <= id && id <= to)
    const tidied = has('merged', 'rewritten')
    const forgotten = snapshot.id === this.oldest && has('deleted', 'dropped')
    const told = alone && snapshot.told ? String(snapshot.told.rows) : null
    const toldAdded = snapshot.told?.isUpdate || !has('deleted', 'dropped') ? told : null
    const toldRemoved = snapshot.told?.isUpdate || !has('inserted', 'dropped') ? told : null
    return [
      {
        schema: named.schema,
        name: named.name,
        kinds,
        rowsAdded: tidied || !has('inserted') ? '0' : covered('rows') ? toldAdded : added,
        rowsRemoved: tidied || !has('deleted', 'dropped') ? '0' : forgotten || covered('deletes') ? toldRemoved : removed,
        filesAdded: has('merged') || (covered('rows') && has('inserted', 'rewritten')) ? null : Number(filesAdded),
        filesRemoved: has('merged') || forgotten ? null : Number(filesRemoved),
      },
    ]
  }

  private kindsOf({ id, changes }: Snapshot, table: string, lives: readonly Named[]): TableChange['kinds'] {
    const [begun, ended] = [lives.some(({ begin }) => begin === BigInt(id)), lives.some(({ end }) => end === BigInt(id))]
    const kinds = new Set<TableChange['kinds'][number]>(
      changes.flatMap(({ kind, of }) => (isKnown(kind) && of.includes(table) ? [kindOf[kind]] : [])),
    )
    if (begun) kinds.add(ended ? 'renamed' : 'created')
    return tableChangeKinds.filter(kind => kinds.has(kind))
  }
}

/** DuckLake's kinds of changes that have a table's id. */
const kindOf = {
  tables_altered: 'altered',
  tables_inserted_into: 'inserted',
  tables_deleted_from: 'deleted',
  tables_dropped: 'dropped',
  merge_adjacent: 'merged',
  rewrite_delete: 'rewritten',
} as const

function isKnown(kind: string): kind is keyof typeof kindOf {
  return kind in kindOf
}
