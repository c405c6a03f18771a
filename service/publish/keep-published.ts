import { withPostgres } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { listKeptFiles } from '../store/publications.ts'
import type { Ask } from '../store/store.ts'

/** Has the clean-up leave files alone that a publication still has, or had so long ago: DuckLake counts the age of what it removes from
 * when the lake no longer needed it, and that moment is put off. @param maintenance as the role that cleans up. @returns how many */
export async function keepPublished(ask: Ask, maintenance: CatalogLogin, keepHours: number): Promise<number> {
  const kept = await listKeptFiles(ask, keepHours)
  if (kept.length === 0) return 0
  const sql = 'UPDATE public.ducklake_files_scheduled_for_deletion SET schedule_start = now() WHERE data_file_id = ANY($1::bigint[])'
  const { rowCount } = await withPostgres(maintenance, client => client.query(sql, [kept]))
  return rowCount ?? 0
}
