import { ServiceError } from '../errors.ts'
import {
  changeLeaveOut,
  deletePublication,
  findPublicationOf,
  insertPublication,
  listPublications,
  type StoredPublication,
} from '../store/publications.ts'
import type { Store } from '../store/store.ts'
import type { LockWait } from '../writes/table-lock.ts'
import type { Published, Publisher } from './publisher.ts'

export interface PublicationRequest {
  readonly schema: string
  readonly table: string
  /** Columns that are not to be published; as it was if missing. */
  readonly leaveOut?: readonly string[] | undefined
  readonly by: string
}

/** Which tables are published. */
export class Publications {
  constructor(
    private readonly store: Store,
    private readonly publisher: Publisher,
  ) {}

  /** Publishes a table, or what has changed in one that is published. If that fails for a new one, it is not published.
   * @throws ServiceError notFound, notPublishable, conflict, storageUnavailable … */
  async publish({ schema, table, leaveOut, by }: PublicationRequest, wait: LockWait): Promise<Published> {
    const found = await this.publisher.find(schema, table)
    if (!found) throw new ServiceError('notFound', `There is no table ${schema}.${table} to publish.`)
    const { tableId, uuid: id } = found
    const folder = `${folderOf(found.schema, `schema-of-${tableId}`)}/${folderOf(found.name, `table-${tableId}`)}`
    if (leaveOut) await this.publisher.assertColumns(tableId, leaveOut)
    let known = await findPublicationOf(this.store.ask, tableId)
    if (known?.withdrawing) {
      await this.publisher.withdraw(id, wait, ({ withdrawing }) => withdrawing)
      known = await findPublicationOf(this.store.ask, tableId)
    }
    if (known && leaveOut) await changeLeaveOut(this.store.ask, id, leaveOut)
    const row = { id, tableId, schema: found.schema, table: found.name, leaveOut: leaveOut ?? [], createdBy: by }
    const made =
      !known &&
      ((await insertPublication(this.store.ask, { ...row, folder: `${folder}/` })) ||
        // There lies the log of another table, which had this name.
        (await insertPublication(this.store.ask, { ...row, folder: `${folder}-${tableId}/` })))
    try {
      return await this.publisher.publish(id, wait)
    } catch (error) {
      // Busy: another request is publishing it at this moment, by the same row.
      if (made && !(error instanceof ServiceError && error.code === 'tableBusy')) await deletePublication(this.store.ask, id)
      else if (known && leaveOut) await changeLeaveOut(this.store.ask, id, known.leaveOut)
      throw error
    }
  }

  list(): Promise<StoredPublication[]> {
    return listPublications(this.store.ask)
  }

  /** @returns undefined if neither the table nor one that is gone, and was published under this name, is published */
  async find(schema: string, table: string): Promise<StoredPublication | undefined> {
    const [found, all] = await Promise.all([this.publisher.find(schema, table), this.list()])
    const named = all.filter(each => each.schema.toLowerCase() === schema.toLowerCase() && each.table.toLowerCase() === table.toLowerCase())
    const own = all.find(({ tableId }) => tableId === found?.tableId)
    if (own) return own
    // One that is only called otherwise now is found by that name.
    for (const each of named) if (!(await this.publisher.hasTable(each.tableId))) return each
    return undefined
  }

  /** Removes a publication and its log; the lake's files stay. @throws ServiceError notFound */
  async withdraw(schema: string, table: string, wait: LockWait): Promise<void> {
    const found = await this.find(schema, table)
    if (!found) throw new ServiceError('notFound', `The table ${schema}.${table} is not published.`)
    await this.publisher.withdraw(found.id, wait)
  }
}

/** A folder that is called as the schema or the table, where that is a name for folders. */
function folderOf(name: string, otherwise: string): string {
  return /^\w{1,200}$/.test(name) ? name : otherwise
}
