import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ServiceError } from '../errors.ts'
import { type FileStore, sizesIn } from '../files/file-store.ts'
import type { StoredVersion } from '../store/publications.ts'
import { type Action, isAction, parseAction } from './action.ts'

/** Bytes of a version: it is read as one text, and none can have more than 2 ** 29 letters. */
const largestVersion = 400_000_000

/** A version that lies in the log. */
export interface FoundVersion extends Omit<StoredVersion, 'name' | 'columns'> {
  /** Of the snapshot. */
  readonly snapshotTime: string
  readonly columns: string | undefined
}

/** A transaction log of Delta's: numbered files of JSON lines, each written once. */
export class DeltaLog {
  /** @param folder of the table, within the store; ends with `/` */
  constructor(
    private readonly store: FileStore,
    private readonly folder: string,
    private readonly maxVersionBytes = largestVersion,
  ) {}

  /** @returns false if the log has this version already. @throws ServiceError storageUnavailable, notPublishable if it is too large, or conflict if the version before is not
   * there: of a lake that was restored elsewhere, or because somebody removed it */
  async write(version: number, actions: readonly object[]): Promise<{ readonly written: boolean; readonly bytes: number }> {
    if (version > 0) await this.assertThere(version - 1)
    const lines = actions.map(action => Buffer.from(`${JSON.stringify(action)}\n`))
    const length = lines.reduce((sum, line) => sum + line.length, 0)
    if (length > this.maxVersionBytes)
      throw new ServiceError(
        'notPublishable',
        `The next version of the log would have ${length} bytes in ${actions.length} lines, and one can have ${this.maxVersionBytes} at most: POST /v1/maintenance/compact makes fewer and larger files, rewrite-deletes those without deleted rows.`,
      )
    const bytes = Buffer.concat(lines, length)
    return { written: await this.tried(this.store.writeNew(this.pathOf(version), bytes)), bytes: bytes.length }
  }

  /** Whether the log has a version. @throws ServiceError storageUnavailable */
  has(version: number): Promise<boolean> {
    return this.isThere(this.pathOf(version))
  }

  /** A version that is in the log, as this program made it for a publication.
   * @throws ServiceError conflict if somebody else made it */
  async read(version: number, publication: string): Promise<FoundVersion> {
    const text = (await this.tried(this.store.read(this.pathOf(version)).then(buffer))).toString('utf8')
    const actions = text.split('\n').flatMap(line => (line.trim() === '' ? [] : [parseAction(line)]))
    const [[info], [meta], adds] = [partOf(actions, 'commitInfo'), partOf(actions, 'metaData'), partOf(actions, 'add')]
    const note = parseAction(textOf(info?.userMetadata) || '{}')
    if (note.publication !== publication || typeof note.snapshotId !== 'string' || typeof info?.timestamp !== 'number')
      throw new ServiceError(
        'conflict',
        `${this.store.place}${this.pathOf(version)} was not written for this publication: nothing may write into its log but this service. Remove the publication and what lies there, or choose another S3_PUBLISH_PATH.`,
      )
    return {
      version,
      snapshotId: note.snapshotId,
      snapshotTime: textOf(note.snapshotTime),
      timeMs: info.timestamp,
      columns: textOf(meta?.schemaString) || undefined,
      metadata: meta && JSON.stringify(meta),
      deletionVectors: adds.some(({ deletionVector }) => deletionVector !== undefined),
      added: adds.map(add => ({ ...keyOf(add), added: JSON.stringify(add) })),
      removed: partOf(actions, 'remove').map(each => keyOf(each).dataFileId),
    }
  }

  /** What those who read a version need and is not there, as a path; they begin with the newest checkpoint, or with the first version. And
   * how many versions there are above it. @throws ServiceError storageUnavailable */
  async examine(version: number): Promise<{ readonly missing: string | undefined; readonly above: number }> {
    const sizes = await this.tried(sizesIn(this.store, `${this.folder}_delta_log/`))
    let missing: string | undefined
    for (let each = version; each >= 0 && missing === undefined; each -= 1) {
      if (!sizes.has(this.pathOf(each))) missing = this.pathOf(each)
      else if (sizes.has(this.pathOf(each, 'checkpoint.parquet'))) break
    }
    const newest = this.pathOf(version)
    return { missing, above: [...sizes.keys()].filter(path => path.endsWith('.json') && path > newest).length }
  }

  /** Writes a version in the form that readers begin with, and then says that it is there. @param summary what `_last_checkpoint` tells */
  async writeCheckpoint(version: number, body: Readable, summary: object): Promise<void> {
    await this.tried(this.store.write(this.pathOf(version, 'checkpoint.parquet'), body))
    const last = Readable.from([Buffer.from(JSON.stringify({ version, ...summary }))])
    await this.tried(this.store.write(`${this.folder}_delta_log/_last_checkpoint`, last))
  }

  /** Removes what lies before the newest checkpoint of a version up to this one. Checkpoints that readers are not sent to do not count.
   * @returns the version that the log begins with now, undefined if there is no such checkpoint. @throws ServiceError storageUnavailable */
  async trim(upTo: number): Promise<number | undefined> {
    const names = [...(await this.tried(sizesIn(this.store, `${this.folder}_delta_log/`))).keys()]
    const lastPath = `${this.folder}_delta_log/_last_checkpoint`
    if (!names.includes(lastPath)) return undefined
    const { version: last } = parseAction((await this.tried(this.store.read(lastPath).then(buffer))).toString('utf8'))
    const newest = Math.min(upTo, typeof last === 'number' ? last : -1)
    const numbered = names.flatMap(path => {
      const number = /\/(\d{20})\.(?:json|checkpoint\.parquet)$/.exec(path)?.[1]
      return number === undefined ? [] : [{ path, version: Number(number) }]
    })
    const checkpoints = numbered.filter(({ path, version }) => path.endsWith('.parquet') && version <= newest)
    if (checkpoints.length === 0) return undefined
    const first = Math.max(...checkpoints.map(({ version }) => version))
    const old = numbered.filter(({ version }) => version < first).sort((a, b) => a.version - b.version)
    for (const { path } of old) await this.tried(this.store.remove(path))
    return first
  }

  /** Removes all of it, the oldest version first: without that it cannot be read any more. */
  async remove(): Promise<void> {
    const paths: string[] = []
    for await (const { path } of this.store.list(this.folder)) paths.push(path)
    // What leads into the middle of it goes first.
    for (const path of paths.sort(
      (a, b) => Number(b.endsWith('_last_checkpoint')) - Number(a.endsWith('_last_checkpoint')) || (a < b ? -1 : 1),
    ))
      await this.tried(this.store.remove(path))
  }

  private async assertThere(version: number): Promise<void> {
    const path = this.pathOf(version)
    if (await this.isThere(path)) return
    throw new ServiceError(
      'conflict',
      `${this.store.place}${path} is not there, and with it the log of this publication: remove the publication and publish the table anew.`,
    )
  }

  private async isThere(path: string): Promise<boolean> {
    const body = await this.tried(
      this.store.read(path).catch((error: unknown) => {
        if (isMissing(error)) return undefined
        throw error
      }),
    )
    body?.on('error', () => {}).destroy()
    return body !== undefined
  }

  private pathOf(version: number, kind = 'json'): string {
    return `${this.folder}_delta_log/${`${version}`.padStart(20, '0')}.${kind}`
  }

  private async tried<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      if (error instanceof ServiceError) throw error
      const why = error instanceof Error ? error.name : String(error)
      throw new ServiceError(
        'storageUnavailable',
        `The log of the publication at ${this.store.place}${this.folder} cannot be used: ${why}.`,
      )
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || ('code' in error && error.code === 'ENOENT'))
}

function partOf(actions: readonly Action[], name: string): Action[] {
  return actions.flatMap(action => {
    const part = action[name]
    return isAction(part) ? [part] : []
  })
}

function keyOf({ tags }: Action): { dataFileId: string; deleteFileId: string | null } {
  const { 'ducklake.dataFile': dataFile, 'ducklake.deleteFile': deleteFile } = isAction(tags) ? tags : {}
  return { dataFileId: textOf(dataFile), deleteFileId: textOf(deleteFile) || null }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
