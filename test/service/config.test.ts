import { expect, it } from 'vitest'
import { readConfig } from '../../service/config.ts'

it('has a default for everything', () => {
  expect(readConfig({}, [], '/home/me/lake')).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    lakeDir: '/home/me/lake/.lake',
    extensionDir: '/home/me/lake/.lake/extensions',
    query: { timeoutMs: 30_000, streamTimeoutMs: 600_000, maxRows: 10_000, maxBytes: 262_144 },
    pool: { engines: 2, shortEngines: 1, spares: 1, queueMax: 32, perOwnerMax: 16 },
    engine: { memoryMb: 1_024, dataLimitMb: 3_072, spillMb: 4_096, threads: 2 },
  })
})

it('takes the port from the command line first', () => {
  expect(readConfig({ PORT: '1' }, ['--port', '0']).port).toBe(0)
  expect(readConfig({ PORT: '81' }, []).port).toBe(81)
})

it.each([
  [{ PORT: 'http' }, [], 'PORT is "http": use a whole number from 0 to 65535.'],
  [{}, ['--port', '70000'], '--port is "70000": use a whole number from 0 to 65535.'],
  [{ QUERY_TIMEOUT_MS: '1.5' }, [], 'QUERY_TIMEOUT_MS is "1.5": use a whole number from 100 to 3600000.'],
  [{ ENGINE_THREADS: '0' }, [], 'ENGINE_THREADS is "0": use a whole number from 1 to 1024.'],
  [{ LOG_LEVEL: 'loud' }, [], 'LOG_LEVEL is "loud": use fatal, error, warn, info, debug, trace.'],
  [{}, ['--prot', '1'], /^Unknown option '--prot'.* The only option is --port NUMBER/],
])('refuses %j %j', (environment, words, sentence) => {
  expect(() => readConfig(environment, words)).toThrow(sentence)
})
