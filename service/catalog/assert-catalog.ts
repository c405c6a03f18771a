import { ServiceError } from '../errors.ts'

/** The version of DuckLake's own tables that this program knows. */
const knownVersion = '1.0'

/** A row of DuckLake's table of options. Without a scope it holds for the whole lake. */
export interface CatalogOption {
  readonly key: string
  readonly value: string
  readonly scope: string | null
}

/** Reads the options that are asserted. @param schema where DuckLake's tables are. */
export function catalogOptionsSql(schema: string): string {
  return `SELECT key, value, scope FROM ${schema}.ducklake_metadata WHERE key IN ('version', 'data_path', 'data_inlining_row_limit')`
}

/** Refuses a catalog under which data would be hidden or lost without a word.
 * @throws ServiceError catalogUnfit that says what is wrong and what to do. */
export function assertCatalog(options: readonly CatalogOption[], dataPath: string): void {
  assertVersion(options)
  assertDataPath(options, dataPath)
  const inlined = inlinedBy(options)
  if (inlined !== undefined)
    throw unfit(
      `Inlining is on in the catalog (${inlined}), with which a compaction can undo deletes that were acknowledged: run "npm run migrate", which switches it off.`,
    )
}

export function assertVersion(options: readonly CatalogOption[]): void {
  const version = optionOf(options, 'version')
  if (version !== knownVersion) throw otherVersion(version ?? 'unknown')
}

export function otherVersion(version: string): ServiceError {
  return unfit(
    `The catalog is of DuckLake's version ${version}, this program knows version ${knownVersion}: use the program that belongs to it.`,
  )
}

/** With another path every file would be missing. */
export function assertDataPath(options: readonly CatalogOption[], dataPath: string): void {
  const known = optionOf(options, 'data_path')
  if (known !== dataPath)
    throw unfit(
      `The catalog's files lie in ${known ?? 'no place'}, the service looks for them in ${dataPath}: set S3_DATA_PATH to the former.`,
    )
}

/** Where inlining is switched on; nothing if it is off everywhere. */
export function inlinedBy(options: readonly CatalogOption[]): string | undefined {
  const rows = options.filter(({ key }) => key === 'data_inlining_row_limit')
  const on = rows.find(({ value }) => value !== '0')
  if (on) return on.scope === null ? 'for all tables' : `for one ${on.scope}`
  return rows.some(({ scope }) => scope === null) ? undefined : 'by default'
}

function optionOf(options: readonly CatalogOption[], name: string): string | undefined {
  return options.find(({ key, scope }) => key === name && scope === null)?.value
}

function unfit(detail: string): ServiceError {
  return new ServiceError('catalogUnfit', detail)
}
