import type { ResultPlace } from '../catalog/lake-connection.ts'
import { FolderObjects } from './folder-objects.ts'
import type { ObjectStore } from './object-store.ts'

/** @param folder where objects lie that are in no bucket. The client of the object store takes 20 MB: a lake on this machine does without. */
export async function openObjects(place: ResultPlace, folder: string): Promise<ObjectStore> {
  if (place.kind === 'folder') return FolderObjects.open(folder)
  const [{ BucketObjects }, { connectS3 }] = await Promise.all([import('./bucket-objects.ts'), import('../storage/connect-s3.ts')])
  return new BucketObjects(connectS3(place), { bucket: place.bucket, prefix: `${place.prefix}datasets/` })
}
