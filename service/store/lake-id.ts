import type { Ask } from './store.ts'

/** What stands for this lake in names that others see. @throws ServiceError catalogUnavailable */
export async function readLakeId(ask: Ask): Promise<string> {
  const [lake] = await ask<{ id: string }>('SELECT id FROM app.lake')
  if (!lake) throw new Error('app.lake has no row')
  return lake.id
}
