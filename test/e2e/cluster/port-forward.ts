import type { Kubectl } from './kubectl.ts'

/** A port of the cluster on this machine, for what is asked from outside as a person would.
 * @param target as kubectl has it, `service/name` @throws Error if kubectl ends before it is there */
export async function forwardPort(kubectl: Kubectl, namespace: string, target: string, port: number) {
  const child = kubectl.start(['port-forward', target, `:${port}`, '--namespace', namespace])
  const local = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (words: Buffer) => {
      const [, found] = /127[.]0[.]0[.]1:(\d+)/.exec(words.toString()) ?? []
      if (found) resolve(found)
    })
    child.once('exit', code => reject(new Error(`kubectl port-forward ${target} ended with ${code}`)))
  })
  return { url: `http://127.0.0.1:${local}`, close: () => child.kill() }
}
