import { withPostgres } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'

/** Has the clean-up leave files alone that a publication still has, or had until lately: DuckLake counts the age of what it removes from
 * when the lake no longer needed it, and that moment is put off. @param maintenance as the role that cleans up. @param kept ids of data files */
export async function keepPublished(maintenance: CatalogLogin, kept: readonly string[]): Promise<void> {
  if (kept.length === 0) return
  const sql = 'UPDATE public.ducklake_files_scheduled_for_deletion SET schedule_start = now() WHERE data_file_id = ANY($1::bigint[])'
  await withPostgres(maintenance, client => client.query(sql, [kept]))
}
