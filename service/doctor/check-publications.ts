import { dirname } from 'node:path/posix'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { ServiceError } from '../errors.ts'
import type { FileStore } from '../files/file-store.ts'
import { parseAction } from '../publish/action.ts'
import { DeltaLog } from '../publish/delta-log.ts'
import { fileUri } from '../publish/file-uri.ts'
import { findPublication, listPublications, readAddedOf, type StoredPublication } from '../store/publications.ts'
import { Store } from '../store/store.ts'
import { type Finding, fault, messageOf, ok, warning } from './finding.ts'

/** What published tables are made of. */
export interface PublishedLake {
  readonly service: CatalogLogin
  /** As a reader sees the lake's files; its place ends with `/`. */
  readonly files: FileStore
  /** Where the logs lie; its place ends with `/`. */
  readonly logs: FileStore | undefined
}

type Places = Omit<PublishedLake, 'service'> & { readonly logs: FileStore }

/** Whether those who read published tables find the newest version of each: the log, and the files that it names. */
export async function checkPublications({ service, files, logs }: PublishedLake): Promise<readonly Finding[]> {
  const store = new Store(service)
  try {
    const all = await listPublications(store.ask)
    const where = logs?.place ?? 'app.publication'
    if (all.length === 0) return [ok('publications', 'No table is published.', where)]
    if (!logs)
      return [
        fault(
          'publications',
          `Tables are published, ${all.length} in all, and there is no place for their logs.`,
          where,
          'Set S3_PUBLISH_PATH.',
        ),
      ]
    const found: Finding[] = []
    for (const each of all) found.push(...(await checkOne(store, { files, logs }, each)))
    return found.length > 0 ? found : [ok('publications', `Logs and files are there of all published tables: ${all.length}.`, where)]
  } finally {
    await store.close()
  }
}

/** @returns nothing if all is well */
async function checkOne({ ask }: Store, { files, logs }: Places, { id, schema, table, folder, version, error }: StoredPublication) {
  const [name, where] = [`${schema}.${table}`, `${logs.place}${folder}`]
  const anew = `Publish it anew: "lake publish ${name} --remove", then "lake publish ${name}".`
  const fails = (what: string, todo: string) => [fault('publications', what, where, todo)]
  const more: Finding[] = []
  try {
    if (version !== null) {
      const { missing: gap, above } = await new DeltaLog(logs, folder).examine(Number(version))
      if (gap !== undefined) return fails(`The log of ${name} cannot be read: ${gap} is not there.`, anew)
      const named = (await readAddedOf(ask, id, version)).map(text => String(parseAction(text).path))
      const gone = await goneOf(named, files)
      if (gone.length > 0)
        return fails(
          `${gone.length} of ${named.length} files that version ${version} of ${name} names are gone, such as ${gone[0]}.`,
          `${anew} If they are missing after that, the lake lacks them itself: restore it from a backup.`,
        )
      // A version may have been written and noted while the log was looked at.
      if (above > 0 && (await findPublication(ask, id))?.version === version)
        more.push(
          warning(
            'publications',
            `The log of ${name} has ${above} more than version ${version}, the newest that the lake knows: a publisher ended before it could note it, or somebody else wrote there.`,
            where,
            `"lake publish ${name}" goes on with it if it is the lake's own, and says so if not. ${anew}`,
          ),
        )
    }
  } catch (thrown) {
    const why = thrown instanceof ServiceError ? thrown.detail : messageOf(thrown)
    return fails(`Whether ${name} can be read is not known: ${why}`, 'Mend that, and ask again.')
  }
  if (!error) return more
  const todo = `Do what it says, or else try again: "lake publish ${name}".`
  return [...more, warning('publications', `The last attempt to publish ${name} failed: ${error.detail}`, where, todo)]
}

/** @param named as the log calls files. @returns those that there are not */
async function goneOf(named: readonly string[], files: FileStore): Promise<string[]> {
  if (named.length === 0) return []
  const root = fileUri(files.place)
  const missing = new Set(named)
  const inside = named.map(uri => (uri.startsWith(root) ? uri.slice(root.length) : ''))
  for await (const { path } of files.list(decodeURIComponent(commonFolder(inside)))) missing.delete(fileUri(`${files.place}${path}`))
  return [...missing]
}

/** The folder that holds all of them, most often that of the table; empty, or with `/` at its end. */
function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? '')
  while (folder !== '.' && !paths.every(path => path.startsWith(`${folder}/`))) folder = dirname(folder)
  return folder === '.' ? '' : `${folder}/`
}
