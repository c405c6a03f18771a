import type { LakeConnection } from '../catalog/lake-connection.ts'
import type { EngineLimits } from '../config.ts'
import type { ErrorCode, SqlPlace } from '../errors.ts'

/** What an engine is told. It runs one statement at a time; `interrupt` ends the present one. */
export type EngineRequest =
  | { readonly kind: 'attach'; readonly lake: LakeConnection; readonly limits: EngineLimits; readonly spillDir: string }
  | { readonly kind: 'query'; readonly id: number; readonly sql: string; readonly maxRows: number; readonly queryId: string }
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'interrupt' }

/** What it answers. A result is JSON text already: whoever passes it on converts nothing. */
export type EngineAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'result'; readonly id: number; readonly body: string }
  | ({ readonly kind: 'error'; readonly id: number; readonly code: ErrorCode; readonly detail: string } & SqlPlace)
