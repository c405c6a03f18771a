import type { DuckDBConnection } from '@duckdb/node-api'
import type { Grants } from '../../../service/access/grants.ts'
import { attachLake } from '../../../service/engine/attach-lake.ts'
import { classifyError } from '../../../service/engine/classify-error.ts'
import { Gate } from '../../../service/engine/gate.ts'
import type { Parameters } from '../../../service/engine/messages.ts'
import { PreparedConstants } from '../../../service/engine/prepared-constants.ts'
import { runWrite, type WriteReport } from '../../../service/engine/writes/run-write.ts'
import { DataFolder } from '../../../service/files/data-folder.ts'
import { type OpenLake, openLake } from '../open-lake.ts'
import { temporaryFolder } from '../run-service.ts'

/** A writer's own connection, hardened and locked as in an engine, beside the lake that it writes. */
export interface WriteSession {
  readonly lake: OpenLake
  readonly engine: DuckDBConnection
  write(sql: string, more?: { readonly params?: Parameters; readonly grants?: Grants }): Promise<WriteReport>
  /** `ok`, or the code of the error and its sentence. */
  outcome(sql: string, grants?: Grants): Promise<{ readonly code: string; readonly detail: string; readonly position?: number }>
  close(): Promise<void>
}

export async function openWriteSession(): Promise<WriteSession> {
  const lake = await openLake()
  const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }
  const engine = await attachLake(lake.connections.writer, limits, temporaryFolder(), [], [], 'writer')
  const session = {
    lake: engine,
    gate: new Gate(engine),
    constants: new PreparedConstants(engine),
    pipe: '',
    files: new DataFolder(lake.connections.writer),
    threads: 2,
  }
  const note = { id: 'a write', request: 'a request', by: 'tests' }
  const write: WriteSession['write'] = (sql, more = {}) => runWrite(session, { sql, message: 'a statement', note, ...more })
  return {
    lake,
    engine,
    write,
    outcome: (sql, grants) =>
      write(sql, { ...(grants && { grants }) }).then(
        ({ rowCount }) => ({ code: 'ok', detail: String(rowCount) }),
        (error: unknown) => {
          const { code, detail, position } = classifyError(error, sql)
          return { code, detail, ...(position !== undefined && { position }) }
        },
      ),
    close: async () => {
      engine.closeSync()
      await lake.close()
    },
  }
}
