import type { DuckDBConnection } from '@duckdb/node-api'
import { openCsv } from './csv-source.ts'
import { openJson } from './json-source.ts'
import { openParquet } from './parquet-source.ts'
import type { Inference, Opener, OpenSource, Source, SourceFormat } from './source.ts'

const openers: Readonly<Record<SourceFormat, Opener>> = {
  csv: openCsv,
  ndjson: openJson,
  json: openJson,
  parquet: openParquet,
  // The library is loaded where it is needed: few engines ever see Arrow.
  arrow: async (...order) => (await import('./arrow-source.ts')).openArrow(...order),
}

/** Looks at a source: which columns it has, and that it can be read at all. To be closed when it is done with.
 * @throws ServiceError dataInvalid */
export function openSource(connection: DuckDBConnection, source: Source, inference: Inference = 'sample'): Promise<OpenSource> {
  return openers[source.format](connection, source, inference)
}
