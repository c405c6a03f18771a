import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { fuzzSeed } from '../../fuzz-seed.ts'
import { schemathesis } from '../python-package.ts'
import { startService, stopService } from '../start-service.ts'

const missing = schemathesis.install()
const skipped = process.env.CI === 'true' ? undefined : missing

/** Of each operation and phase. */
const examples = 30

it.skipIf(skipped)(
  skipped ? `skipped: ${skipped}` : 'answers as /openapi.json says, whatever Schemathesis sends',
  async () => {
    expect(missing).toBeUndefined()
    const service = await startService({ RATE_LIMIT_PER_MINUTE: '100000', QUERY_TIMEOUT_MS: '2000', STREAM_TIMEOUT_MS: '2000' })
    try {
      const run = promisify(execFile)(
        'python3',
        // Its own key must stay as it is; and it has no writer for the phase of examples in application/sql.
        [
          ...[
            '-m',
            'schemathesis.cli',
            '--config-file',
            join(import.meta.dirname, 'schemathesis.toml'),
            'run',
            `${service.url}/openapi.json`,
          ],
          ...['-H', `Authorization: Bearer ${service.key}`, '--exclude-path-regex', '^/v1/keys/'],
          ...['--phases', 'coverage,fuzzing,stateful', '--max-examples', `${examples}`, '--no-color'],
          // How hard it is to think of a body is no matter of the service's; without this the operation is left untested.
          ...['--seed', `${fuzzSeed}`, '--suppress-health-check', 'all'],
        ],
        {
          cwd: service.lakeDir,
          env: { PATH: process.env.PATH, PYTHONPATH: schemathesis.folder, LC_ALL: 'C.UTF-8' },
          maxBuffer: 16_777_216,
        },
      )
      const { code, out } = await run.then(
        ({ stdout }) => ({ code: 0, out: stdout }),
        (error: { readonly code: number; readonly stdout: string }) => ({ code: error.code, out: error.stdout }),
      )
      expect(code, out).toBe(0)
      expect(Number(/(\d+) generated/.exec(out)?.[1])).toBeGreaterThan(200)
      expect(service.output().error).not.toContain('unexpected error')
    } finally {
      await stopService(service)
    }
  },
  240_000,
)
