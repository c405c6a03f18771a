import type { Rule } from '../checks.ts'
import { fields } from '../manifest.ts'
import { containersOf, podTemplateOf } from './pod-spec.ts'

export const resourcesSet: Rule = {
  name: 'resources-set',
  fix: 'Set requests for cpu and memory and a limit for memory: a pod without them is evicted first and can starve its node.',
  *find({ objects }) {
    for (const { construct, manifest } of objects) {
      const pod = podTemplateOf(manifest)
      for (const container of pod ? containersOf(pod) : []) {
        const { requests, limits } = fields(container.fields.resources)
        const missing = [
          ...['cpu', 'memory'].filter(name => fields(requests)[name] === undefined).map(name => `requests.${name}`),
          ...['memory'].filter(name => fields(limits)[name] === undefined).map(name => `limits.${name}`),
        ]
        if (missing.length > 0)
          yield { where: construct, what: `container ${container.name} lacks resources.${missing.join(', resources.')}` }
      }
    }
  },
}

export const probesPresent: Rule = {
  name: 'probes-present',
  fix: 'Without a readinessProbe a pod gets traffic before it can answer, without a livenessProbe one that hangs stays.',
  *find({ objects }) {
    for (const { construct, manifest } of objects) {
      const pod = podTemplateOf(manifest)
      if (!pod?.longRunning) continue
      for (const container of containersOf(pod).filter(({ init }) => !init)) {
        const missing = ['readinessProbe', 'livenessProbe'].filter(probe => container.fields[probe] === undefined)
        if (missing.length > 0) yield { where: construct, what: `container ${container.name} has no ${missing.join(' and no ')}` }
      }
    }
  },
}
