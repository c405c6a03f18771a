import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { criLines } from '../../constructs/collect.ts'
import { freePort } from '../../service/servers/free-port.ts'
import { ServerProcess } from '../../service/servers/server-process.ts'
import { type AlertSink, startAlertSink } from './alert-sink.ts'
import { AskLoki } from './ask-loki.ts'
import { type LoggedPod, lokiHere, type Places, promtailHere, rulesHere } from './here.ts'
import type { LogConfiguration } from './log-configuration.ts'
import type { LogPrograms } from './log-programs.ts'

/** Where Loki's lines go if its configuration says S3. */
export interface LogBucket {
  readonly endpoint: string
  readonly bucket: string
  readonly keyId: string
  readonly secret: string
}

/** A pod and what it has printed. */
export type PrintingPod = LoggedPod & { readonly printed: string }

/** A real Loki and a real Promtail with the configuration of an environment, in a folder of their own. */
export interface LogStack {
  readonly folder: string
  readonly url: string
  readonly ask: AskLoki
  readonly sink: AlertSink
  readonly loki: ServerProcess
  /** Starts the collector on the log files of these pods, written as the container runtime does.
   * @returns when the first line was written, in milliseconds since 1970 */
  collect(pods: readonly PrintingPod[]): Promise<number>
  stopCollecting(): Promise<void>
  remove(): Promise<void>
}

export async function startLogStack(programs: LogPrograms, configuration: LogConfiguration, bucket?: LogBucket): Promise<LogStack> {
  const folder = mkdtempSync(join(tmpdir(), 'logging-'))
  const sink = await startAlertSink()
  const places: Places = {
    data: join(folder, 'data'),
    rules: join(folder, 'rules'),
    pods: join(folder, 'pods'),
    positions: join(folder, 'positions.yaml'),
    lokiPort: await freePort(),
    grpcPort: await freePort(),
    promtailPort: await freePort(),
    alertmanager: sink.url,
    ...(bucket && { s3: bucket }),
  }
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return `-config.file=${join(folder, name)}`
  }
  mkdirSync(places.data)
  // The tenant of a Loki that has only one.
  mkdirSync(join(places.rules, 'fake'), { recursive: true })
  for (const [name, text] of Object.entries(configuration.rules)) writeFileSync(join(places.rules, 'fake', name), rulesHere(text))

  const server = (name: keyof LogPrograms, file: string, port: number, env: Readonly<Record<string, string>>) =>
    new ServerProcess({
      program: programs[name],
      words: [file, ...(name === 'promtail' ? ['-config.expand-env=true'] : [])],
      options: { cwd: folder, env },
      stopSignal: 'SIGTERM',
      answers: async () => {
        if (!(await fetch(`http://127.0.0.1:${port}/ready`)).ok) throw new Error('it is not ready')
      },
      // Loki waits 15 s before it says that it is.
      startTimeoutMs: 120_000,
    })
  const keys = bucket && { AWS_ACCESS_KEY_ID: bucket.keyId, AWS_SECRET_ACCESS_KEY: bucket.secret }
  const loki = server('loki', write('loki.yaml', lokiHere(configuration.loki, places)), places.lokiPort, { ...keys })
  let promtail: ServerProcess | undefined
  await loki.start()
  const url = `http://127.0.0.1:${places.lokiPort}`
  return {
    folder,
    url,
    ask: new AskLoki(url),
    sink,
    loki,
    collect: async pods => {
      const begins = Date.now()
      for (const { namespace, name, uid, container, printed } of pods) {
        const place = join(places.pods, `${namespace}_${name}_${uid}`, container)
        mkdirSync(place, { recursive: true })
        writeFileSync(join(place, '0.log'), `${criLines(printed, begins).join('\n')}\n`)
      }
      const file = write('promtail.yaml', promtailHere(configuration.promtail, places, pods))
      promtail = server('promtail', file, places.promtailPort, { HOSTNAME: hostname() })
      await promtail.start()
      return begins
    },
    stopCollecting: async () => promtail?.stop(),
    remove: async () => {
      await promtail?.kill()
      await loki.kill()
      sink.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
