import type { TableName } from '../catalog/table-name.ts'
import type { ErrorCode } from '../errors.ts'
import { type Ask, jsonb } from './store.ts'

/** A row of `app.publication`. Numbers of 64 bits are text. */
export interface StoredPublication {
  readonly id: string
  readonly tableId: string
  readonly schema: string
  readonly table: string
  readonly folder: string
  readonly leaveOut: readonly string[]
  readonly createdAt: Date
  readonly createdBy: string
  readonly version: string | null
  readonly columns: string | null
  /** Delta’s newest metaData as the log has it; not known of logs from before it was noted. */
  readonly metadata: string | null
  readonly timeMs: string | null
  /** Whether the log has deletion vectors, or had some once. */
  readonly deletionVectors: boolean
  /** What the log calls the columns that there are and were. */
  readonly names: Readonly<Record<string, string>>
  readonly snapshotId: string | null
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null
  /** Its log is being removed. */
  readonly withdrawing: boolean
}

export type NewPublication = Pick<StoredPublication, 'id' | 'tableId' | 'schema' | 'table' | 'folder' | 'leaveOut' | 'createdBy'>

/** A data file, and the delete file of those of its rows that are gone. */
export interface FileKey {
  readonly dataFileId: string
  readonly deleteFileId: string | null
}

/** What a version adds and takes away. */
export interface StoredVersion {
  readonly version: number
  readonly snapshotId: string
  readonly timeMs: number
  readonly columns: string
  /** As the version has it, if it does. */
  readonly metadata: string | undefined
  readonly deletionVectors: boolean
  readonly name: { readonly schema: string; readonly table: string }
  readonly added: readonly (FileKey & { readonly added: string })[]
  readonly removed: readonly string[]
}

/** Files of one statement: the store gives none long. */
const perInsert = 5_000

const columns = `id, table_id AS "tableId", schema_name AS "schema", table_name AS "table", folder, leave_out AS "leaveOut",
  created_at AS "createdAt", created_by AS "createdBy", version, columns, metadata, time_ms AS "timeMs",
  deletion_vectors AS "deletionVectors", physical_names AS names, snapshot_id AS "snapshotId", error, withdrawing`

/** @returns false if the table has one already, or another has its folder */
export async function insertPublication(ask: Ask, { id, tableId, schema, table, folder, leaveOut, createdBy }: NewPublication) {
  const rows = await ask(
    `INSERT INTO app.publication (id, table_id, schema_name, table_name, folder, leave_out, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
    [id, tableId, schema, table, folder, leaveOut, createdBy],
  )
  return rows.length > 0
}

export async function listPublications(ask: Ask): Promise<StoredPublication[]> {
  return ask<StoredPublication>(`SELECT ${columns} FROM app.publication ORDER BY schema_name, table_name, created_at`)
}

export async function findPublication(ask: Ask, id: string): Promise<StoredPublication | undefined> {
  const [found] = await ask<StoredPublication>(`SELECT ${columns} FROM app.publication WHERE id = $1`, [id])
  return found
}

export async function findPublicationOf(ask: Ask, tableId: string): Promise<StoredPublication | undefined> {
  const [found] = await ask<StoredPublication>(`SELECT ${columns} FROM app.publication WHERE table_id = $1`, [tableId])
  return found
}

/** By the name that the table had when it was last published. */
export async function isPublished(ask: Ask, { schema, name }: TableName): Promise<boolean> {
  const rows = await ask('SELECT FROM app.publication WHERE lower(schema_name) = lower($1) AND lower(table_name) = lower($2)', [
    schema,
    name,
  ])
  return rows.length > 0
}

export async function changeLeaveOut(ask: Ask, id: string, leaveOut: readonly string[]): Promise<void> {
  await ask('UPDATE app.publication SET leave_out = $2, error = NULL WHERE id = $1', [id, leaveOut])
}

export async function deletePublication(ask: Ask, id: string): Promise<void> {
  await ask('DELETE FROM app.publication WHERE id = $1', [id])
}

export async function listLiveFiles(ask: Ask, id: string): Promise<FileKey[]> {
  return ask<{ dataFileId: string; deleteFileId: string | null }>(
    `SELECT data_file_id AS "dataFileId", delete_file_id AS "deleteFileId" FROM app.publication_file
     WHERE publication_id = $1 AND removed_version IS NULL`,
    [id],
  )
}

/** Data files that the newest version of a publication has, or had one so many hours ago. */
export async function listKeptFiles(ask: Ask, keepHours: number): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    `SELECT DISTINCT f.data_file_id AS id FROM app.publication_file AS f
       LEFT JOIN app.publication_version AS v ON v.publication_id = f.publication_id AND v.version = f.removed_version
     WHERE f.removed_version IS NULL OR v.published_at > now() - make_interval(hours => $1)`,
    [keepHours],
  )
  return rows.map(({ id }) => id)
}

/** The actions that added these of the live files. */
export async function readAdded(ask: Ask, id: string, dataFileIds: readonly string[]): Promise<string[]> {
  const rows = await ask<{ added: string }>(
    `SELECT added FROM app.publication_file WHERE publication_id = $1 AND removed_version IS NULL
       AND data_file_id = ANY($2::bigint[]) ORDER BY data_file_id`,
    [id, dataFileIds],
  )
  return rows.map(({ added }) => added)
}

/** Notes a version that lies in the log: it must be the next one. @throws Error if it is not */
export async function storeVersion(ask: Ask, id: string, version: StoredVersion): Promise<void> {
  const { version: number, snapshotId, timeMs, name, added, removed } = version
  const rows = await ask(
    `UPDATE app.publication SET version = $2, snapshot_id = $3, time_ms = $4, columns = $5, schema_name = $6, table_name = $7,
       deletion_vectors = deletion_vectors OR $8, metadata = coalesce($9, metadata), error = NULL
     WHERE id = $1 AND coalesce(version, -1) = $2 - 1 RETURNING id`,
    [id, number, snapshotId, timeMs, version.columns, name.schema, name.table, version.deletionVectors, version.metadata ?? null],
  )
  if (rows.length === 0) throw new Error(`the publication ${id} is not at the version before ${number}`)
  await ask('INSERT INTO app.publication_version (publication_id, version, snapshot_id) VALUES ($1, $2, $3)', [id, number, snapshotId])
  await ask(
    `UPDATE app.publication_file SET removed_version = $2
     WHERE publication_id = $1 AND removed_version IS NULL AND data_file_id = ANY($3::bigint[])`,
    [id, number, removed],
  )
  for (let first = 0; first < added.length; first += perInsert) {
    const files = added.slice(first, first + perInsert)
    await ask(
      `INSERT INTO app.publication_file (publication_id, data_file_id, delete_file_id, added_version, added)
       SELECT $1, data_file_id, delete_file_id, $2, added
       FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS file (data_file_id, delete_file_id, added)`,
      [id, number, files.map(({ dataFileId }) => dataFileId), files.map(({ deleteFileId }) => deleteFileId), files.map(file => file.added)],
    )
  }
}

/** The actions that added what a version has, whatever has been noted since. */
export async function readAddedOf(ask: Ask, id: string, version: string): Promise<string[]> {
  const rows = await ask<{ added: string }>(
    `SELECT added FROM app.publication_file WHERE publication_id = $1 AND added_version <= $2
       AND (removed_version IS NULL OR removed_version > $2) ORDER BY data_file_id`,
    [id, version],
  )
  return rows.map(({ added }) => added)
}

/** Newest first. */
export async function listVersions(ask: Ask, id: string, limit: number) {
  return ask<{ version: string; snapshotId: string; publishedAt: Date }>(
    `SELECT version, snapshot_id AS "snapshotId", published_at AS "publishedAt" FROM app.publication_version
     WHERE publication_id = $1 ORDER BY version DESC LIMIT $2`,
    [id, limit],
  )
}

/** Nothing of the table but its name has changed up to this version of the lake. */
export async function noteSnapshot(ask: Ask, id: string, snapshotId: string, { schema, table }: StoredVersion['name']): Promise<void> {
  await ask(
    `UPDATE app.publication SET snapshot_id = $2, schema_name = $3, table_name = $4, error = NULL
     WHERE id = $1 AND (snapshot_id < $2 OR error IS NOT NULL)`,
    [id, snapshotId, schema, table],
  )
}

export async function noteNames(ask: Ask, id: string, names: StoredPublication['names']): Promise<void> {
  await ask('UPDATE app.publication SET physical_names = $2 WHERE id = $1', [id, JSON.stringify(names)])
}

export async function noteFailure(ask: Ask, id: string, error: NonNullable<StoredPublication['error']>): Promise<void> {
  await ask('UPDATE app.publication SET error = $2 WHERE id = $1', [id, jsonb(error)])
}
