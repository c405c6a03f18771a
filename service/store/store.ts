import { DatabaseError, Pool, type PoolClient, type QueryResultRow } from 'pg'
import { postgresOptions } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { ServiceError } from '../errors.ts'

/** Connections of the gateway itself: keys and history are short statements, the lake's own go through the engines. */
const maxConnections = 4

/** A statement of the gateway that takes longer waits for something that is broken. */
const statementTimeoutMs = 5_000

/** Runs one statement and gives its rows. */
export type Ask = <Row extends QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

/** The gateway's own tables, schema `app`. Nothing is opened before the first statement, and a lost connection is made anew. */
export class Store {
  private readonly pool: Pool

  constructor(login: CatalogLogin) {
    this.pool = new Pool({ ...postgresOptions(login), max: maxConnections, statement_timeout: statementTimeoutMs, allowExitOnIdle: true })
    // A connection that ends while nobody uses it would else end the process.
    this.pool.on('error', () => {})
    // And one that ends between two statements of a transaction.
    this.pool.on('connect', client => client.on('error', () => {}))
  }

  /** @throws ServiceError catalogUnavailable, or catalogUnfit where the schema has not been migrated */
  readonly ask: Ask = async (sql, values = []) => {
    try {
      return (await this.pool.query(sql, [...values])).rows
    } catch (error) {
      throw storeError(error)
    }
  }

  /** Runs the work's statements in one transaction; it is undone if the work throws. */
  async transaction<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result> {
    let client: PoolClient | undefined
    let broken = false
    try {
      const connected = await this.pool.connect()
      client = connected
      await connected.query('BEGIN')
      const result = await work(async (sql, values = []) => (await connected.query(sql, [...values])).rows)
      await connected.query('COMMIT')
      return result
    } catch (error) {
      await client?.query('ROLLBACK').catch(() => {
        broken = true
      })
      throw storeError(error)
    } finally {
      client?.release(broken)
    }
  }

  async close(): Promise<void> {
    await this.pool.end()
  }
}

/** Classes of PostgreSQL's codes in which the server is there but cannot serve: connections, resources, shutdown. */
const unavailable = /^(08|53|57|28|3D)/

/** Codes that mean tables or rights are missing. */
const unfit = ['42P01', '3F000', '42501', '42703']

function storeError(error: unknown): unknown {
  if (error instanceof ServiceError) return error
  if (!(error instanceof DatabaseError) || unavailable.test(error.code ?? ''))
    return new ServiceError('catalogUnavailable', 'The database of keys and history does not answer: try again in a second.')
  if (unfit.includes(error.code ?? ''))
    return new ServiceError('catalogUnfit', 'The schema app is missing or of another version: run "npm run migrate".')
  return error
}

/** A value for a jsonb column. PostgreSQL's text has neither NUL nor half a surrogate pair, in a name as little as in a value. */
export function jsonb(value: object | null | undefined): string | null {
  if (value === null || value === undefined) return null
  return JSON.stringify(value).replace(/\\(?:u0000|ud[89a-f][\da-f]{2}|.)/g, part =>
    part.startsWith('\\u0000') || part.startsWith('\\ud') ? '\\ufffd' : part,
  )
}
