import { type SourceFormat, sourceFormats } from '../engine/ingest/source.ts'
import { ServiceError } from '../errors.ts'
import { kindByName } from '../file-ending.ts'
import { bodyTypes } from '../writes/body-format.ts'
import type { ObjectProperties } from './object-store.ts'

const gzipTypes: ReadonlySet<string> = new Set(['application/gzip', 'application/x-gzip'])

/** How the bytes of an object are read as rows. */
export interface ObjectFormat {
  readonly format: SourceFormat
  readonly gzip: boolean
}

/** By what the caller says, else by its content type, else by the end of its key; one that ends with `.gz` is unpacked.
 * @throws ServiceError unsupportedMediaType */
export function formatOf({ key, contentType }: Pick<ObjectProperties, 'key' | 'contentType'>, wanted?: SourceFormat): ObjectFormat {
  const [type = ''] = contentType.toLowerCase().split(';')
  const { kind, packed } = kindByName(key)
  const gzip = packed || gzipTypes.has(type.trim())
  const format = wanted ?? bodyTypes[type.trim()] ?? kind
  if (format) return { format, gzip }
  throw new ServiceError(
    'unsupportedMediaType',
    `${key} is stored as "${contentType}", which names no format of rows, and neither does its end: say format=${sourceFormats.join(', ')}.`,
  )
}
