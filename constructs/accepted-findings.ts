/** What kube-score finds in an object and is meant so, with the reason. Pod Security
 * reads no annotations: what it finds stands in .ci/manifest-waivers.txt. */
const accepted = {
  'container-security-context-user-group-id': 'The log files lie on the node and belong to root.',
  'deployment-replicas': 'One replica is what this environment asks for.',
  'networkpolicy-targets-pod': 'A chart or an operator makes the pods that it selects.',
} as const

/** Annotations of the one object that a finding is accepted in: kube-score leaves out this check there, and the reader is told why. */
export function accept(check: keyof typeof accepted): Record<string, string> {
  return { 'kube-score/ignore': check, 'ducklake-platform/accepted-because': accepted[check] }
}
