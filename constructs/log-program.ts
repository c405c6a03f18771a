import type { Size } from 'cdk8s'
import type { Cpu } from 'cdk8s-plus-28'
import type { Version } from './versions.ts'

/** A program that reads the log files of its node and pushes their lines. */
export interface LogProgram {
  readonly name: 'promtail' | 'alloy'
  readonly image: Version
  readonly args: readonly string[]
  /** The name and text of its configuration, which lies in the folder below. */
  readonly file: { readonly name: string; readonly text: string }
  readonly port: number
  readonly readyPath: string
  /** On the node, and under the same path in the container: where it notes how far it has read. */
  readonly stateFolder: string
  /** Folders of the node that it may read besides. */
  readonly reads: readonly string[]
  readonly memory: Size
  readonly cpu: Cpu
}

export const configFolder = '/etc/log-collector'
