import type { Rule } from '../checks.ts'
import { fields, list } from '../manifest.ts'
import { collectorNamespace, reasonAnnotation } from '../namespaces.ts'
import { type Container, containersOf, type PodTemplate, podTemplateOf } from './pod-spec.ts'

const restrictedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

/** What the collector's pods have to do, and `restricted` forbids: read root's files on the node. */
const ofCollector = [/^volume [\w-]+ is of a kind that is not allowed$/, /: runAsNonRoot is not true$/, /: runAsUser is 0$/]

/** Pod Security *restricted*, field by field as the API server asks for it.
 * @see https://github.com/kubernetes/pod-security-admission/tree/master/policy */
export const podSecurityRestricted: Rule = {
  name: 'pod-security-restricted',
  fix: 'The namespace enforces the level restricted and would refuse the pod: set the field.',
  *find({ objects }) {
    const namespaces = objects.filter(({ manifest }) => manifest.kind === 'Namespace').map(({ manifest }) => manifest.metadata.name)
    for (const { construct, manifest } of objects) {
      const pod = podTemplateOf(manifest)
      const { namespace = 'default' } = manifest.metadata
      if (!pod || !namespaces.includes(namespace)) continue
      const problems = [...podProblems(pod), ...containersOf(pod).flatMap(container => containerProblems(pod, container))]
      const allowed = namespace === collectorNamespace ? ofCollector : []
      for (const problem of problems.filter(text => !allowed.some(one => one.test(text)))) yield { where: construct, what: problem }
    }
  },
}

export const restrictedNamespaces: Rule = {
  name: 'restricted-namespaces',
  fix: `Leave the level at restricted: only ${collectorNamespace} has an exception, with its reason in an annotation.`,
  *find({ objects }) {
    for (const { construct, manifest } of objects.filter(({ manifest }) => manifest.kind === 'Namespace')) {
      const { name, labels, annotations } = manifest.metadata
      const level = labels?.['pod-security.kubernetes.io/enforce']
      if (level === 'restricted' || (name === collectorNamespace && annotations?.[reasonAnnotation])) continue
      yield { where: construct, what: `Namespace ${name} enforces ${level ? `the level ${level}` : 'no level'} of Pod Security` }
    }
  },
}

function podProblems({ spec }: PodTemplate): string[] {
  const host = ['hostNetwork', 'hostPID', 'hostIPC'].filter(field => spec[field] === true)
  const volumes = list(spec.volumes)
    .map(fields)
    .filter(volume => !restrictedVolumes.some(kind => kind in volume))
  return [
    ...host.map(field => `the pod sets ${field}`),
    ...volumes.map(volume => `volume ${String(volume.name)} is of a kind that is not allowed`),
  ]
}

function containerProblems(pod: PodTemplate, container: Container): string[] {
  const own = fields(container.fields.securityContext)
  const ofPod = fields(pod.spec.securityContext)
  const { drop, add } = fields(own.capabilities)
  const seccomp = fields(own.seccompProfile ?? ofPod.seccompProfile).type
  const ports = list(container.fields.ports).map(fields)
  const wrong = [
    own.privileged === true && 'privileged is true',
    own.allowPrivilegeEscalation !== false && 'allowPrivilegeEscalation is not false',
    !list(drop).includes('ALL') && 'capabilities.drop lacks ALL',
    list(add).some(capability => capability !== 'NET_BIND_SERVICE') && 'capabilities.add has more than NET_BIND_SERVICE',
    (own.runAsNonRoot ?? ofPod.runAsNonRoot) !== true && 'runAsNonRoot is not true',
    (own.runAsUser ?? ofPod.runAsUser) === 0 && 'runAsUser is 0',
    seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost' && 'seccompProfile.type is neither RuntimeDefault nor Localhost',
    ports.some(port => port.hostPort !== undefined) && 'a port sets hostPort',
  ]
  return wrong.filter(problem => problem !== false).map(problem => `container ${container.name}: ${problem}`)
}
