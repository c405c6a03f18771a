import { type Format, readAs } from '../../../api/queries.ts'

const extensions: Readonly<Record<Format, string>> = { csv: 'csv', ndjson: 'ndjson', json: 'json', parquet: 'parquet', arrow: 'arrows' }

/** Saves a result as a file of the browser's. What was cut half-way is not saved.
 * @param onBytes is told how much has come. @returns how many rows are in it, if not all. @throws ProblemError, or what cut it off */
export async function saveResult(
  queryId: string,
  format: Format,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<number | undefined> {
  const response = await readAs(queryId, format, signal)
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    parts.push(part.value)
    bytes += part.value.length
    onBytes(bytes)
  }
  const file = new Blob(parts, { type: response.headers.get('content-type') ?? '' })
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = `query-${queryId}.${extensions[format]}`
  link.click()
  // The browser reads it a moment later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
  return format === 'json' ? rowsOfTruncated(await file.slice(-200).text()) : undefined
}

/** @param end of a JSON answer */
function rowsOfTruncated(end: string): number | undefined {
  const [, rows] = /"rowCount":(\d+),"truncated":true/.exec(end) ?? []
  return rows === undefined ? undefined : Number(rows)
}
