/** Above 10000, so that no account of a node has the same number. */
const user = 10001

/** What Pod Security *restricted* wants of a pod, with a user of our own.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
} as const

/** What it wants of each container, and a root file system that nothing can be written to. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
}
