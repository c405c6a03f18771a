/** How S3 is reached from outside the cluster: one HTTPS host of an ingress controller, or an own address for named networks. */
export type MinioExposure =
  | {
      readonly kind: 'ingress'
      readonly host: string
      readonly className: string
      readonly tlsSecret: string
      /** Where the ingress controller's pods run: only they may connect. */
      readonly controllerNamespace: string
    }
  | { readonly kind: 'load-balancer'; readonly sourceRanges: readonly [string, ...string[]] }

export function exposureValues(port: string, exposure?: MinioExposure) {
  switch (exposure?.kind) {
    case 'ingress': {
      const { host, className, tlsSecret } = exposure
      return {
        service: { type: 'ClusterIP', port },
        ingress: { enabled: true, ingressClassName: className, path: '/', hosts: [host], tls: [{ secretName: tlsSecret, hosts: [host] }] },
      }
    }
    case 'load-balancer':
      return {
        // Local keeps the caller's address, which the NetworkPolicy checks again.
        service: { type: 'LoadBalancer', port, loadBalancerSourceRanges: exposure.sourceRanges, externalTrafficPolicy: 'Local' },
      }
    default:
      return { service: { type: 'ClusterIP', port } }
  }
}
