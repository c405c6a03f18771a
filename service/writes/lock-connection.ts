import { Client, type QueryResultRow } from 'pg'
import { postgresOptions } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'

/** One connection for as long as it lasts; what many ask of it is answered one after the other. */
export class LockConnection {
  private last: Promise<unknown> = Promise.resolve()

  private constructor(private readonly client: Client) {}

  /** @param lost is called, perhaps twice, when it has ended. */
  static async open(login: CatalogLogin, session: string, lost: () => void): Promise<LockConnection> {
    const client = new Client({ ...postgresOptions(login), application_name: session, keepAlive: true })
    // An error that nobody listens to would end the process.
    client.on('error', lost).on('end', lost)
    await client.connect()
    return new LockConnection(client)
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
