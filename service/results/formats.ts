/** The formats of a result. JSON is one document with a head and a bounded number of rows; the others are streams without a bound.
 * @see docs/service.md for how values look in each. */
export const formats = {
  json: { mediaType: 'application/json', contentType: 'application/json; charset=utf-8', extension: 'json', compressible: true },
  ndjson: {
    mediaType: 'application/x-ndjson',
    contentType: 'application/x-ndjson; charset=utf-8',
    extension: 'ndjson',
    compressible: true,
  },
  csv: { mediaType: 'text/csv', contentType: 'text/csv; charset=utf-8; header=present', extension: 'csv', compressible: true },
  parquet: {
    mediaType: 'application/vnd.apache.parquet',
    contentType: 'application/vnd.apache.parquet',
    extension: 'parquet',
    compressible: false,
  },
  arrow: {
    mediaType: 'application/vnd.apache.arrow.stream',
    contentType: 'application/vnd.apache.arrow.stream',
    extension: 'arrows',
    compressible: false,
  },
} as const

export type Format = keyof typeof formats
export type StreamFormat = Exclude<Format, 'json'>
/** Those that DuckDB writes by itself. */
export type CopyFormat = Exclude<StreamFormat, 'arrow'>

export const formatNames: readonly Format[] = ['json', 'ndjson', 'csv', 'parquet', 'arrow']
