import { performance } from 'node:perf_hooks'
import { k8s } from 'cdk8s-plus-28'
import { LakeApp, ManifestFile } from '../constructs/index.ts'
import { labels } from '../constructs/labels.ts'

// Is synthesis linear? Ten times the objects should take ten times as long, and not a hundred times.

const rounds = 7
const small = 60

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function renderMs(objects: number): number {
  const started = performance.now()
  const app = new LakeApp('bench')
  const file = new ManifestFile(app, 'bench', { namespace: app.namespaces.add('bench') })
  for (let index = 0; index < objects; index += 1) {
    new k8s.KubeConfigMap(file, `map-${index}`, { metadata: { name: `map-${index}`, labels: labels('map') }, data: { index: `${index}` } })
  }
  app.render()
  return performance.now() - started
}

renderMs(small)
const pairs = Array.from({ length: rounds }, () => ({ one: renderMs(small), ten: renderMs(small * 10) }))
const ratio = median(pairs.map(({ one, ten }) => ten / one))
console.log(
  `${small} objects ${median(pairs.map(({ one }) => one)).toFixed(1)} ms, ${small * 10} objects ${median(pairs.map(({ ten }) => ten)).toFixed(1)} ms`,
)
console.log(`ten times the objects take ${ratio.toFixed(1)} times as long (linear: 10)`)
