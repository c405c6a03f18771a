import type { DuckDBConnection } from '@duckdb/node-api'
import { attachLake } from './attach-lake.ts'
import { classifyError } from './classify-error.ts'
import type { EngineAnswer, EngineRequest } from './messages.ts'
import { runQuery } from './run-query.ts'

// The engine's process: one DuckDB with the lake attached, one statement at a time. Killing it kills exactly that statement.

let connection: DuckDBConnection | undefined

// Without the gateway nobody waits for an answer; and a statement in progress would keep an ordinary exit waiting.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

process.on('message', (request: EngineRequest) => {
  switch (request.kind) {
    case 'attach':
      attachLake(request.lake, request.limits, request.spillDir).then(
        attached => {
          connection = attached
          answer({ kind: 'ready' })
        },
        (error: unknown) => answer({ kind: 'broken', reason: error instanceof Error ? error.message : String(error) }),
      )
      break
    case 'query':
      respond(request.id, lake => runQuery(lake, request), request.sql)
      break
    case 'ping':
      respond(request.id, async lake => {
        await lake.run('FROM lake.current_snapshot()')
        return '{}'
      })
      break
    case 'interrupt':
      connection?.interrupt()
  }
})

function respond(id: number, work: (lake: DuckDBConnection) => Promise<string>, sql = ''): void {
  if (!connection) throw new Error('a request came before the lake was attached')
  work(connection).then(
    body => answer({ kind: 'result', id, body }),
    (error: unknown) => answer({ kind: 'error', id, ...classifyError(error, sql) }),
  )
}

function answer(message: EngineAnswer): void {
  process.send?.(message)
}
