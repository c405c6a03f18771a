import { createServer } from 'node:http'
import { fields, list, text } from '../../../constructs/manifest.ts'
import { freePort } from '../../service/servers/free-port.ts'

/** Stands in for an Alertmanager: notes what it is told. */
export interface AlertSink {
  readonly url: string
  /** The labels of each alert that it has got. */
  readonly alerts: readonly Readonly<Record<string, unknown>>[]
  /** Where they were sent: only version 2 of the interface still exists. */
  readonly paths: ReadonlySet<string>
  close(): void
}

export async function startAlertSink(): Promise<AlertSink> {
  const alerts: Readonly<Record<string, unknown>>[] = []
  const paths = new Set<string>()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    paths.add(text(request.url) ?? '')
    for (const alert of list(JSON.parse(body))) alerts.push(fields(fields(alert).labels))
    response.end('{}')
  })
  const port = await freePort()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${port}`, alerts, paths, close: () => server.close() }
}
