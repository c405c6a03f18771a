import { Client } from 'pg'
import { postgresOptions } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { wakeChannel } from '../store/queues.ts'
import { lockNumberOf, lockNumbers } from '../writes/lock-number.ts'

export interface SessionObserver {
  /** Messages came into a queue. */
  readonly woken: (queue: string) => void
  /** The connection has ended, and with it every lock. */
  readonly lost: () => void
}

/** A connection of the gateway that hears when messages come, and holds the right to drain a queue against all other processes. It ends
 * with the process, however that ends. */
export class QueueSession {
  private last: Promise<unknown> = Promise.resolve()
  private ended = false

  /** @throws an error of PostgreSQL */
  static async open(login: CatalogLogin, name: string, { woken, lost }: SessionObserver): Promise<QueueSession> {
    const client = new Client({ ...postgresOptions(login), application_name: name, keepAlive: true })
    const session = new QueueSession(client)
    const end = () => {
      if (session.ended) return
      session.ended = true
      lost()
    }
    client.on('error', end).on('end', end)
    client.on('notification', ({ payload = '' }) => woken(payload))
    try {
      await client.connect()
      await client.query(`LISTEN ${wakeChannel}`)
      return session
    } catch (error) {
      session.ended = true
      await client.end().catch(() => {})
      throw error
    }
  }

  private constructor(private readonly client: Client) {}

  /** @returns whether this process may drain the queue now; false also if the connection has ended */
  async tryLock(queue: string): Promise<boolean> {
    const rows = await this.ask<{ held: boolean }>(`SELECT pg_try_advisory_lock(${lockNumbers.queue}, ${lockNumberOf(queue)}) AS held`)
    return rows[0]?.held === true
  }

  async unlock(queue: string): Promise<void> {
    await this.ask(`SELECT pg_advisory_unlock(${lockNumbers.queue}, ${lockNumberOf(queue)})`)
  }

  async close(): Promise<void> {
    this.ended = true
    await this.client.end().catch(() => {})
  }

  /** One after the other, as they are on one connection. An error means that the connection is ending, which is told elsewhere. */
  private async ask<Row extends object>(sql: string): Promise<readonly Row[]> {
    const answer = this.last.then(async () => (this.ended ? [] : (await this.client.query<Row>(sql)).rows))
    this.last = answer.catch(() => {})
    return answer.catch(() => [])
  }
}
