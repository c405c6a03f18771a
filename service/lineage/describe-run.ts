import { ServiceError } from '../errors.ts'
import type { ParentRun, RunEnd, RunInput, RunOutput, RunStart } from './lineage-run.ts'
import { type DatasetName, type NodeName, nodeNameOf } from './names.ts'
import { facet, processingEngine, producer, runEventSchemaUrl } from './openlineage.ts'
import type { EventDataset, EventType, RunEvent } from './run-event.ts'

/** What is told of a run at one moment. */
export interface RunMoment {
  readonly runId: string
  readonly type: EventType
  readonly at: Date
  readonly start: RunStart
  readonly end?: RunEnd
  readonly error?: unknown
}

/** @param namespace of the lake */
export function describeRun({ runId, type, at, start, end, error }: RunMoment, namespace: string): RunEvent {
  const { job, sql, parent } = start
  const outputs = end?.outputs ?? start.outputs ?? []
  return {
    eventType: type,
    eventTime: at.toISOString(),
    producer,
    schemaURL: runEventSchemaUrl,
    run: {
      runId,
      facets: {
        processing_engine: facet('processing_engine', processingEngine),
        ...(parent && { parent: parentFacet(parent) }),
        ...(error !== undefined && { errorMessage: errorFacet(error) }),
      },
    },
    job: {
      namespace,
      name: job.name ?? jobName(start),
      facets: {
        jobType: facet('jobType', { processingType: 'BATCH', integration: 'DUCKLAKE', jobType: job.kind.toUpperCase() }),
        ...(sql !== undefined && { sql: facet('sql', { query: sql, dialect: 'duckdb' }) }),
      },
    },
    inputs: (end?.inputs ?? start.inputs).map(input => describeDataset(input, namespace)),
    outputs: outputs.map((output, index) => describeOutput(withFigures(output, index === 0 ? end : undefined, end?.snapshotId), namespace)),
  }
}

/** Runs of a job have the same name: what writes a table is one job for each kind of writing, what a key reads is one job. */
function jobName({ job: { kind }, outputs = [], keyId }: RunStart): string {
  const [first] = outputs
  if (first === undefined) return `${kind}.${keyId}`
  return 'table' in first ? `${kind}.${nodeNameOf(first, '').name}` : kind
}

function withFigures(output: RunOutput, end: RunEnd | undefined, snapshotId: string | undefined): RunOutput {
  return {
    ...(end?.rowCount !== undefined && { rowCount: end.rowCount }),
    ...(end?.bytes !== undefined && { bytes: end.bytes }),
    ...(snapshotId !== undefined && 'table' in output && { snapshotId }),
    ...output,
  }
}

function describeDataset(input: RunInput, namespace: string): EventDataset {
  const { columns, snapshotId } = input
  return {
    ...nodeNameOf(input, namespace),
    facets: {
      ...(columns && { schema: facet('schema', { fields: columns.map(({ name, type }) => ({ name, type })) }) }),
      ...(snapshotId !== undefined && { version: facet('version', { datasetVersion: snapshotId }) }),
    },
  }
}

function describeOutput(output: RunOutput, namespace: string): EventDataset {
  const { rowCount, bytes, columnLineage } = output
  const described = describeDataset(output, namespace)
  const counted = rowCount !== undefined || bytes !== undefined
  return {
    ...described,
    facets: { ...described.facets, ...(columnLineage && { columnLineage: columnFacet(columnLineage, namespace) }) },
    outputFacets: {
      ...(counted && {
        outputStatistics: facet('outputStatistics', {
          ...(rowCount !== undefined && { rowCount }),
          ...(bytes !== undefined && { size: bytes }),
        }),
      }),
    },
  }
}

function columnFacet(columns: NonNullable<RunOutput['columnLineage']>, namespace: string) {
  const source = (from: DatasetName & { readonly column: string }): NodeName & { field: string } => ({
    ...nodeNameOf(from, namespace),
    field: from.column,
  })
  const fields = Object.entries(columns).map(([name, sources]) => [name, { inputFields: sources.map(source) }] as const)
  return facet('columnLineage', { fields: Object.fromEntries(fields) })
}

function parentFacet({ namespace, name, runId }: ParentRun) {
  return facet('parent', { run: { runId }, job: { namespace, name } })
}

/** What the caller was told: the log has what else there is to know. */
function errorFacet(error: unknown) {
  const message = error instanceof ServiceError ? error.message : 'internal: the log has the details under the request’s id.'
  return facet('errorMessage', { message, programmingLanguage: 'SQL' })
}
