import { Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import { yamlText } from './config-file.ts'
import { InvalidValue } from './invalid.ts'
import { promtailStages } from './log-pipeline/promtail-stages.ts'
import type { Stage } from './log-pipeline/stage.ts'
import { configFolder, type LogProgram } from './log-program.ts'
import { logFolder, relabelRules } from './log-targets.ts'
import type { PromtailConfig } from './promtail-config.ts'
import { images } from './versions.ts'

const port = 3101
const stateFolder = '/var/lib/promtail'

/** The one variable in its configuration: which node it is on. */
export const nodeName = '$' + '{HOSTNAME}'

/** Promtail, with its measured 61 to 90 MiB at up to 5,000 lines a second. */
export function promtail(pushUrl: string, stages: readonly Stage[]): LogProgram {
  return {
    name: 'promtail',
    image: images.promtail,
    // The flag is there for the node's name in the selector alone; without that each Promtail would watch every pod of the cluster.
    args: [`-config.file=${configFolder}/promtail.yaml`, '-config.expand-env=true'],
    file: { name: 'promtail.yaml', text: expandable(yamlText(promtailConfig(pushUrl, stages))) },
    port,
    readyPath: '/ready',
    stateFolder,
    reads: [logFolder],
    memory: Size.mebibytes(128),
    cpu: Cpu.millis(100),
  }
}

export function promtailConfig(pushUrl: string, stages: readonly Stage[]): PromtailConfig {
  return {
    server: { http_listen_port: port, grpc_listen_port: 0, log_level: 'info' },
    clients: [{ url: pushUrl, backoff_config: { min_period: '500ms', max_period: '30s', max_retries: 0 } }],
    // Not below /run, which a reboot of the node empties.
    positions: { filename: `${stateFolder}/positions.yaml`, sync_period: '1s' },
    scrape_configs: [
      {
        job_name: 'pods',
        kubernetes_sd_configs: [{ role: 'pod', selectors: [{ role: 'pod', field: `spec.nodeName=${nodeName}` }] }],
        relabel_configs: relabelRules.map(({ from, separator, regex, replacement, to }) => ({
          source_labels: from,
          ...(separator && { separator }),
          ...(regex && { regex }),
          ...(replacement && { replacement }),
          target_label: to,
        })),
        pipeline_stages: promtailStages(stages),
      },
    ],
  }
}

/** Promtail expands variables before it reads the YAML, and halves two backslashes while it does.
 * @throws InvalidValue for a text that it would change. */
export function expandable(text: string): string {
  const wrong = text.split('\n').find(line => /\$\{|\\\\/.test(line.replaceAll(nodeName, '')))
  if (wrong === undefined) return text
  throw new InvalidValue(
    `Promtail would change this line before it reads it: ${wrong.trim()}. Write $1 for a group, and a class such as [{] for a character with a meaning.`,
  )
}
