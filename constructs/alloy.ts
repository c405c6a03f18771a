import { Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import { alloyConfig } from './alloy-config.ts'
import type { Stage } from './log-pipeline/stage.ts'
import { configFolder, type LogProgram } from './log-program.ts'
import { logFolder } from './log-targets.ts'
import { images } from './versions.ts'

const port = 12345
const stateFolder = '/var/lib/alloy'

/** Grafana Alloy, Promtail's successor, with the same pipeline. Rendered after its documentation and not run: its memory is a guess. */
export function alloy(pushUrl: string, stages: readonly Stage[]): LogProgram {
  return {
    name: 'alloy',
    image: images.alloy,
    args: [
      'run',
      `${configFolder}/config.alloy`,
      `--storage.path=${stateFolder}`,
      `--server.http.listen-addr=0.0.0.0:${port}`,
      '--disable-reporting',
    ],
    file: { name: 'config.alloy', text: alloyConfig(pushUrl, stages) },
    port,
    readyPath: '/-/ready',
    stateFolder,
    reads: [logFolder],
    memory: Size.mebibytes(256),
    cpu: Cpu.millis(100),
  }
}
