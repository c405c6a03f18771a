import { defineConfig } from 'vitest/config'
import { mayHaveMinio } from './test/service/servers/minio-programs.ts'

/** What is to be the same on both kinds of lake. */
const onBothLakes = [
  'test/service/datasets.test.ts',
  'test/service/objects.test.ts',
  'test/service/query.test.ts',
  'test/service/stream.test.ts',
  'test/service/background.test.ts',
]

// In CI the tests fail without a MinIO; elsewhere they say why they do not run.
const external = mayHaveMinio() || process.env.CI === 'true'
if (!external) console.log('skipped: no MinIO, so the queries run on the embedded lake only')

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ['test/service/servers/set-up.ts'],
    projects: [
      { extends: true, test: { name: 'embedded', include: ['test/**/*.test.ts'] } },
      ...(external ? [{ extends: true, test: { name: 's3', include: onBothLakes, env: { LAKE_OF_TESTS: 's3' } } } as const] : []),
    ],
  },
})
