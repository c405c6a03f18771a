import type { paths } from './api-types.ts'

type RowsQuery = NonNullable<paths['/v1/tables/{schema}/{table}/rows']['post']['parameters']['query']>

/** Rows on their way into a table. */
export interface Upload {
  readonly schema: string
  readonly table: string
  /** What `source` gives is read once for each try; a stream alone can be tried only once. */
  readonly source: Blob | ReadableStream<Uint8Array> | (() => ReadableStream<Uint8Array>)
  /** text/csv, application/x-ndjson, application/json, application/vnd.apache.parquet or application/vnd.apache.arrow.stream. */
  readonly contentType: string
  /** gzip, if it is packed. */
  readonly contentEncoding?: string | undefined
  readonly options?: RowsQuery
  /** Another upload with it is this one, repeated; made up if it is missing. */
  readonly idempotencyKey?: string | undefined
  /** Told how many bytes have gone out, from 0 again with each try. Browsers then need HTTP/2. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/** @returns what makes the request, once for each try: all of them have the same Idempotency-Key */
export function uploadRequest(url: string, headers: Readonly<Record<string, string>>, upload: Upload, signal?: AbortSignal): () => Request {
  const { schema, table, source, contentType, contentEncoding, options = {}, onProgress, idempotencyKey = randomKey() } = upload
  const address = `${url}/v1/tables/${encodeURIComponent(schema)}/${encodeURIComponent(table)}/rows?${queryOf(options)}`
  return () => {
    const bytes = typeof source === 'function' ? source() : source
    const body = onProgress ? counted(bytes instanceof Blob ? bytes.stream() : bytes, onProgress) : bytes
    const init = {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': contentType,
        'idempotency-key': idempotencyKey,
        ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
      },
      body,
      // What fetch wants to hear of a body that is a stream.
      ...(!(body instanceof Blob) && { duplex: 'half' as const }),
      ...(signal && { signal }),
    }
    return new Request(address, init)
  }
}

function queryOf(options: RowsQuery): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(options)) for (const each of [value ?? []].flat()) search.append(name, each)
  return search
}

function counted(bytes: ReadableStream<Uint8Array>, onProgress: (bytes: number) => void): ReadableStream<Uint8Array> {
  let sent = 0
  onProgress(sent)
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        sent += chunk.byteLength
        onProgress(sent)
        controller.enqueue(chunk)
      },
    }),
  )
}

/** Not randomUUID: browsers have that on encrypted pages only. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
