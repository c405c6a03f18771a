import { expect } from 'vitest'
import { callService } from '../call-service.ts'
import type { Service } from '../start-service.ts'

/** Asks a service, writes its tables and publishes them. @param service that there is by then */
export function publishTables(service: () => Service) {
  const call: ReturnType<typeof callService> = (...words) => callService(service())(...words)
  return {
    call,
    async write(...statements: string[]) {
      for (const sql of statements) {
        const { status, text } = await call('POST', '/v1/statements', { sql })
        expect(status, text).toBe(200)
      }
    },
    publish: (table: string, body: object = {}) => call('POST', `/v1/tables/main/${table}/publication`, body),
  }
}
