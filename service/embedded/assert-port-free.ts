import { createServer } from 'node:net'
import { StartupError } from '../startup-error.ts'

/** Asks before the slow part of a start whether the port can be had. @throws StartupError */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  } catch (error) {
    throw listenError(error, host, port)
  } finally {
    server.close()
  }
}

/** Why an address cannot be listened on, and what to do. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new StartupError(
      `Port ${port} of ${host} is taken by another program: choose another with --port, for example --port ${port + 1}.`,
    )
  if (code === 'EACCES') return new StartupError(`Port ${port} needs rights that this user has not: choose one above 1023 with --port.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new StartupError(`${host} is no address of this machine: change HOST.`)
  return error
}
