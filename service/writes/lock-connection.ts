import { Client, type QueryResultRow } from 'pg'
import { postgresOptions } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { ServiceError } from '../errors.ts'

/** One connection for as long as it lasts; what many ask of it is answered one after the other. */
export class LockConnection {
  private last: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly client: Client,
    /** Aborted, with a ServiceError, when it has ended. */
    readonly lost: AbortSignal,
  ) {}

  static async open(login: CatalogLogin, session: string): Promise<LockConnection> {
    const client = new Client({ ...postgresOptions(login), application_name: session, keepAlive: true })
    const end = new AbortController()
    const lose = () =>
      end.abort(new ServiceError('catalogUnavailable', 'The lock of the table was lost with its connection to PostgreSQL.'))
    // An error that nobody listens to would end the process.
    client.on('error', lose).on('end', lose)
    await client.connect()
    return new LockConnection(client, end.signal)
  }

  async ask<Row extends QueryResultRow>(sql: string): Promise<Row | undefined> {
    const answer = this.last.then(() => this.client.query<Row>(sql))
    this.last = answer.catch(() => {})
    return (await answer).rows[0]
  }

  /** Asks without waiting for the answer: whoever asks next comes after it. */
  tell(sql: string): void {
    this.ask(sql).catch(() => {})
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {})
  }
}
