import { withPostgres } from '../../../service/catalog/connect-postgres.ts'
import { findTable } from '../../../service/publish/read-table.ts'
import { insertPublication } from '../../../service/store/publications.ts'
import { Store } from '../../../service/store/store.ts'
import type { OpenLake } from '../open-lake.ts'

/** A table of ids and rounds that is to be published and has not been yet. @returns the publication's id */
export async function newPublication({ writer, connections, service }: OpenLake, name: string): Promise<string> {
  await writer.run(`CREATE TABLE ${name} (id INTEGER, round INTEGER)`)
  const table = await withPostgres(connections.reader.catalog, client => findTable(client, 'main', name))
  const [id = '', tableId = ''] = [table?.uuid, table?.tableId]
  const store = new Store(service)
  const folder = `main/${name}/`
  await insertPublication(store.ask, { id, tableId, schema: 'main', table: name, folder, leaveOut: [], createdBy: 'test' })
  await store.close()
  return id
}
