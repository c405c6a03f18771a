import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Run, removeLake, run, temporaryFolder } from './run-service.ts'
import { addExampleTable, startExternalServers } from './servers/external-lake.ts'

export interface Service extends Run {
  readonly url: string
  readonly key: string
  readonly lakeDir: string
  /** Ends the servers that were started for it. */
  readonly removeServers: () => Promise<void>
  readonly query: (
    body: string | object,
  ) => Promise<{ readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }>
}

/** Starts a service on a lake of its own and waits for its start message. The lake is the embedded one, or one on real servers if the
 * variable LAKE_OF_TESTS says `s3`: vitest.config.ts runs some files with both. */
export async function startService(environment: Record<string, string> = {}, lakeDir = temporaryFolder()): Promise<Service> {
  if (process.env.LAKE_OF_TESTS !== 's3') return startOn({ LAKE_DIR: lakeDir, ...environment }, lakeDir)
  const servers = await startExternalServers()
  try {
    await addExampleTable(servers.environment)
    const service = await startOn({ LAKE_DIR: lakeDir, ...servers.environment, ...environment }, lakeDir)
    return { ...service, removeServers: () => servers.remove() }
  } catch (error) {
    await servers.remove()
    throw error
  }
}

/** Starts a service as its environment says. @param port any that is free, if it is missing */
export async function startOn(environment: Record<string, string>, lakeDir: string, port = 0): Promise<Service> {
  const running = run(environment, ['--port', `${port}`])
  const ended = running.exit.then(code => {
    throw new Error(`the service ended with ${code}: ${running.output().error}`)
  })
  ended.catch(() => {})
  while (!running.output().out.includes('Ctrl-C')) await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 20))])
  const url = /The lake is at (\S+)/.exec(running.output().out)?.[1] ?? ''
  const key = environment.ADMIN_KEY ?? readFileSync(join(lakeDir, 'admin-key'), 'utf8').trim()
  const query: Service['query'] = async body => {
    const response = await fetch(`${url}/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': typeof body === 'string' ? 'application/sql' : 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const answer: Record<string, unknown> = JSON.parse(await response.text())
    return { status: response.status, headers: response.headers, body: answer }
  }
  return { ...running, url, key, lakeDir, query, removeServers: async () => {} }
}

export async function stopService(service: Service): Promise<void> {
  service.child.kill('SIGINT')
  await service.exit
  removeLake(service.lakeDir)
  await service.removeServers()
}
