import { describe, expect, it } from 'vitest'
import { HelmValues } from '../../constructs/helm-values.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { minioChart } from '../../constructs/minio-values.ts'

/** As it would come from a place that TypeScript does not see, such as an `npm run synth` without the compiler. */
function values(text: string) {
  return () =>
    new HelmValues(new LakeApp('test'), 'values', { chart: minioChart, release: 'minio', namespace: 'storage', values: JSON.parse(text) })
}

describe('a key that the chart would silently ignore stops the synth', () => {
  it.each([
    ['{"persistance": {"size": "8Gi"}}', 'test/values: persistance is no key that the chart is known to have (here it has mode, replicas,'],
    [
      '{"persistence": {"Size": "8Gi"}}',
      'test/values: persistence.Size is no key that the chart is known to have (here it has enabled, size, storageClass',
    ],
    ['{"persistence": {"size": 8}}', 'test/values: persistence.size is the number 8, the chart wants a string'],
    ['{"buckets": {"name": "a"}}', 'test/values: buckets is a map, the chart wants a list'],
    ['{"buckets": [{"name": "a", "purgee": true}]}', 'test/values: buckets[0].purgee is no key'],
    ['{"replicas": 1.5}', 'test/values: replicas is the number 1.5, the chart wants an integer'],
  ])('%s', (text, sentence) => {
    expect(values(text)).toThrow(sentence)
  })
})
