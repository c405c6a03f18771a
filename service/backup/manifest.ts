import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { StartupError } from '../startup-error.ts'

/** Of the manifest's layout. A newer program raises it when an older one could no longer restore the backup. */
export const manifestFormat = 1

const count = Type.Integer({ minimum: 0 })
const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

const dumpedTable = Type.Object({
  schema: Type.String(),
  name: Type.String(),
  columns: Type.Array(Type.String()),
  /** SQL that makes it, where no migration does. */
  create: Type.Array(Type.String()),
  rows: count,
  /** Of its file, gzipped. */
  bytes: count,
  sha256,
})
export type DumpedTable = Static<typeof dumpedTable>

const savedFile = Type.Object({ path: Type.String(), bytes: count, sha256: Type.Optional(sha256) })
export type SavedFile = Static<typeof savedFile>

const lakeTable = Type.Object({
  schema: Type.String(),
  name: Type.String(),
  rows: count,
  /** Of all rows, in whatever order; DuckDB's own hash, the same as long as its version is. */
  checksum: Type.Optional(Type.String()),
})
export type LakeTable = Static<typeof lakeTable>

const manifest = Type.Object({
  format: Type.Integer(),
  id: Type.String(),
  madeAt: Type.String(),
  versions: Type.Object({ ducklake: Type.String(), duckdb: Type.String(), postgres: Type.String() }),
  /** The newest version of the lake that is in it, and when it was committed. */
  snapshotId: Type.String(),
  snapshotAt: Type.String(),
  dataPath: Type.String(),
  catalogOnly: Type.Boolean(),
  /** Files of `store/migrations`, in the order in which they were done. */
  migrations: Type.Array(Type.String()),
  catalog: Type.Array(dumpedTable),
  sequences: Type.Array(Type.Object({ schema: Type.String(), name: Type.String(), value: Type.String() })),
  files: Type.Array(savedFile),
  tables: Type.Array(lakeTable),
})
export type Manifest = Static<typeof manifest>

/** @throws StartupError if it is none, or one of a newer program. */
export function parseManifest(text: string, where: string): Manifest {
  const broken = (why: string) => new StartupError(`${where} is no manifest of a backup: ${why}. Take another backup.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error))
  }
  if (typeof value === 'object' && value !== null && 'format' in value && Number(value.format) > manifestFormat)
    throw new StartupError(`${where} is of format ${value.format}, this program knows format ${manifestFormat}: update the program.`)
  if (!Value.Check(manifest, value)) {
    const [first] = Value.Errors(manifest, value)
    throw broken(first ? `${first.instancePath || 'it'} ${first.message}` : 'fields are missing')
  }
  return value
}

export function manifestPath(id: string): string {
  return `${id}/manifest.json`
}

export function tablePath(id: string, { schema, name }: Pick<DumpedTable, 'schema' | 'name'>): string {
  return `${id}/catalog/${encodeURIComponent(`${schema}.${name}`)}.copy.gz`
}

/** Data files are shared by all backups of one place: they never change. */
export function filePath(path: string): string {
  return `files/${path}`
}
