import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './api-types.ts'
import { assertType, CutError, errorOf, StrangeAnswerError, UnreachableError } from './lake-error.ts'
import { defaultPatience, type Patience, pause, persist } from './persist.ts'
import { ResultStream } from './result-stream.ts'
import { type Upload, uploadRequest } from './upload.ts'

export interface LakeOptions {
  /** Where the service is: https://lake.example.org, with or without a path. */
  readonly url: string
  /** An API key, or a token of the issuer that the service trusts. */
  readonly key?: string
  readonly patience?: Partial<Patience>
  /** The platform's own if it is missing. */
  readonly fetch?: typeof fetch
}

/** A statement that reads: the text alone, or with parameters, an older version and limits. */
export type Query = string | components['schemas']['Query']
export type Result = components['schemas']['Result']
export type Write = components['schemas']['Write']

/** Formats of results that come as a stream. */
const streams = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
} as const
export type StreamFormat = keyof typeof streams

const jsonType = 'application/json'

interface Call {
  /** Its abort ends the request, and cancels the statement. */
  readonly signal?: AbortSignal | undefined
}

/** How often the history is asked why a result broke off, and how long it takes to be written. */
const [historyTries, historyLagMs] = [4, 600]

/** A lake over HTTP, in Node and in browsers. Whatever it answers but success is thrown as a LakeError. */
export class LakeClient {
  /** Every route, with its types: `answerOf(lake.api.GET('/v1/tables'))`. */
  readonly api: Client<paths>
  private readonly url: string
  private readonly headers: Readonly<Record<string, string>>
  private readonly send: (make: () => Request, tries?: number) => Promise<Response>

  /** @throws TypeError if the address is none, or the key cannot stand in a header */
  constructor({ url, key, patience, fetch: platformFetch = fetch }: LakeOptions) {
    this.url = new URL(url).href.replace(/\/+$/, '')
    this.headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
    new Headers(this.headers)
    const patient = { ...defaultPatience, ...patience }
    this.send = (make, tries = patient.tries) => persist(make, platformFetch, { ...patient, tries })
    this.api = createClient<paths>({
      baseUrl: this.url,
      headers: this.headers,
      // Node forgets what a clone's abort hangs on with the next garbage: a signal that is given anew it keeps.
      fetch: request => this.send(() => new Request(request.clone(), { signal: request.signal })),
    })
    this.api.use({
      onResponse: async ({ response, options }) => {
        if (!response.ok && response.status !== 304) throw await errorOf(response)
        if (response.status === 200 && options.parseAs === 'json') await assertType(response, jsonType)
        return undefined
      },
    })
  }

  /** The first rows, as many as the service gives at once: `truncated` says whether there are more. */
  async query(query: Query, { signal }: Call = {}): Promise<Result> {
    const { response } = await this.api.POST('/v1/query', { body: bodyOf(query), parseAs: 'stream', ...(signal && { signal }) })
    await assertType(response, jsonType)
    const result: Result = JSON.parse(await whole(response.text(), response))
    return result
  }

  /** All rows. */
  async rows(query: Query, call: Call = {}): Promise<ReturnType<ResultStream['rows']>> {
    return (await this.stream(query, 'ndjson', call)).rows()
  }

  /** All rows, as bytes in one of the formats of streams. */
  async stream(query: Query, format: StreamFormat, { signal }: Call = {}): Promise<ResultStream> {
    const { response } = await this.api.POST('/v1/query', {
      body: bodyOf(query),
      headers: { accept: streams[format] },
      parseAs: 'stream',
      ...(signal && { signal }),
    })
    await assertType(response, streams[format])
    return new ResultStream(response, queryId => this.failureOf(queryId, signal), signal)
  }

  /** Writes rows into a table, in one commit. A source that can be read again is sent again where the service asks for it: its
   * Idempotency-Key keeps the rows from being written twice. */
  async upload(upload: Upload, { signal }: Call = {}): Promise<Write> {
    const again = typeof upload.source === 'function' || upload.source instanceof Blob
    const make = uploadRequest(this.url, this.headers, upload, signal)
    const response = await this.send(make, again ? undefined : 1)
    if (!response.ok) throw await errorOf(response)
    await assertType(response, jsonType)
    const write: Write = JSON.parse(await whole(response.text(), response))
    return write
  }

  private async failureOf(
    id: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly code: string; readonly detail: string } | undefined> {
    const params = { path: { id } }
    for (let tries = 0; tries < historyTries; tries += 1) {
      try {
        await pause(historyLagMs, signal)
        return (await answerOf(this.api.GET('/v1/queries/{id}', { params, ...(signal && { signal }) }))).error ?? undefined
      } catch (error) {
        if (signal?.aborted || error instanceof UnreachableError) return undefined
      }
    }
    return undefined
  }
}

/** What a route answered; an error was thrown before. */
export async function answerOf<Data>(call: Promise<{ readonly data?: Data; readonly response: Response }>): Promise<NonNullable<Data>> {
  const { data, response } = await whole(call)
  if (data === undefined || data === null)
    throw new StrangeAnswerError(response.status, `${response.url} answered ${response.status} without a body.`)
  return data
}

/** fetch says of a body that broke off what it says of its own mistakes. @throws CutError */
function whole<Answer>(answer: Promise<Answer>, response?: Response): Promise<Answer> {
  return answer.catch((error: unknown) => {
    throw error instanceof TypeError ? new CutError(response?.headers.get('x-query-id') ?? undefined, undefined, error) : error
  })
}

function bodyOf(query: Query): components['schemas']['Query'] {
  return typeof query === 'string' ? { sql: query } : query
}
