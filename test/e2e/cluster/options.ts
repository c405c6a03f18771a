import { parseArgs } from 'node:util'

export interface Options {
  readonly kubeconfig: string | undefined
  /** A command that takes an archive as its last word and puts the image onto the nodes; without it they have the images already. */
  readonly load: string | undefined
  /** The service's image as an archive that is there already. */
  readonly archive: string | undefined
  /** The real charts and everybody's own images: a folder with the charts, or `repositories`. */
  readonly charts: string | undefined
  /** Leaves everything running. */
  readonly keep: boolean
  /** Takes away what a run before left, and ends. */
  readonly clean: boolean
  /** Names of steps; empty: all of them. */
  readonly steps: readonly string[]
}

/** @throws Error for a word that is not known */
export function readOptions(words: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      kubeconfig: { type: 'string' },
      load: { type: 'string' },
      archive: { type: 'string' },
      charts: { type: 'string' },
      keep: { type: 'boolean', default: false },
      clean: { type: 'boolean', default: false },
    },
  })
  const { kubeconfig, load, archive, charts, keep, clean } = values
  return { kubeconfig, load, archive, charts, keep, clean, steps: positionals }
}
