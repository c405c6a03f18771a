/** Who made an event, as OpenLineage wants to know it: where the program is described. */
export const producer = 'https://github.com/example/ducklake-platform'

/** The engine that every run of ours is a run of; a test holds it equal to the one that is installed. */
export const processingEngine = { name: 'DuckDB', version: '1.5.5' } as const

const spec = 'https://openlineage.io/spec'

/** @see https://openlineage.io/docs/spec/object-model */
export const runEventSchemaUrl = `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`

/** The facets that we write, by their names in an event, with the version whose fields we fill. */
const facetSchemas = {
  columnLineage: '1-2-0/ColumnLineageDatasetFacet',
  errorMessage: '1-0-1/ErrorMessageRunFacet',
  jobType: '2-0-4/JobTypeJobFacet',
  outputStatistics: '1-0-2/OutputStatisticsOutputDatasetFacet',
  parent: '1-2-0/ParentRunFacet',
  processing_engine: '1-1-1/ProcessingEngineRunFacet',
  schema: '1-2-0/SchemaDatasetFacet',
  sql: '1-1-0/SQLJobFacet',
  symlinks: '1-0-1/SymlinksDatasetFacet',
  version: '1-0-1/DatasetVersionDatasetFacet',
} as const

type FacetName = keyof typeof facetSchemas

/** A facet with what each must have: who wrote it, by which rules. */
export function facet<Fields extends object>(name: FacetName, fields: Fields): Fields & { _producer: string; _schemaURL: string } {
  const [version, type] = facetSchemas[name].split('/')
  return { _producer: producer, _schemaURL: `${spec}/facets/${version}/${type}.json#/$defs/${type}`, ...fields }
}
