import { createRequire } from 'node:module'
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

// openapi-typescript writes with the compiler's own API, which TypeScript 7 has no more: it gets the one that jsii has for itself.
const typescriptWithApi = createRequire(createRequire(import.meta.url).resolve('jsii')).resolve('typescript')

export default defineConfig({
  resolve: { alias: { typescript: typescriptWithApi } },
  test: {
    server: { deps: { inline: ['openapi-typescript'] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ['test/service/servers/set-up.ts'],
    projects: [
      { extends: true, test: { name: 'embedded', include: ['test/**/*.test.ts'] } },
      ...(external ? [{ extends: true, test: { name: 's3', include: onBothLakes, env: { LAKE_OF_TESTS: 's3' } } } as const] : []),
    ],
  },
})
