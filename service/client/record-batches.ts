import { type RecordBatch, RecordBatchReader } from 'apache-arrow'
import type { LakeClient, Query } from './lake-client.ts'

/** All rows, in Arrow's batches. In a file of its own, because not everybody needs Arrow. @throws CutError if the answer breaks off */
export async function* recordBatches(
  lake: LakeClient,
  query: Query,
  call: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const stream = await lake.stream(query, 'arrow', call)
  yield* await RecordBatchReader.from(stream.chunks())
}
