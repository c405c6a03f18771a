import { yamlText } from './config-file.ts'
import { serviceRequestsUid } from './dashboards/service-requests.ts'

/** How Grafana asks Loki, as a provisioning file. In one, `$` begins an environment's variable, so that each `$` stands twice.
 * @see https://grafana.com/docs/grafana/latest/datasources/loki/configure/ */
export function grafanaDatasource(url: string): string {
  return yamlText({
    apiVersion: 1,
    datasources: [
      {
        name: 'Loki',
        // Links and dashboards hold it: it never changes.
        uid: 'ducklake-loki',
        type: 'loki',
        access: 'proxy',
        url,
        jsonData: {
          maxLines: 1000,
          timeout: 60,
          // From a line to everything that was logged about its request.
          derivedFields: [
            {
              name: 'request',
              matcherType: 'label',
              matcherRegex: 'request_id',
              url: `/d/${serviceRequestsUid}?var-request_id=$\${__value.raw}&from=$\${__from}&to=$\${__to}`,
              urlDisplayLabel: 'All about this request',
            },
          ],
        },
      },
    ],
  })
}
