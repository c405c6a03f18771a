import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the last stage of service/Dockerfile says of the image that comes of it. */
export interface ImageConfig {
  readonly env: readonly string[]
  readonly workingDir: string
  /** `uid:gid` */
  readonly user: string
  readonly ports: readonly string[]
  readonly command: readonly string[]
  /** Where each COPY of the stage puts something. */
  readonly copied: readonly string[]
}

/** Reads the configuration that the archive must have too, so that the two ways to an image cannot differ in it. */
export function readDockerfile(root: string): ImageConfig {
  const stage =
    readFileSync(join(root, 'service', 'Dockerfile'), 'utf8')
      .split(/^FROM .*$/m)
      .at(-1) ?? ''
  const said = (instruction: string) => [...stage.matchAll(new RegExp(`^${instruction} (.*)$`, 'gm'))].map(([, words = '']) => words)
  const one = (instruction: string) => said(instruction)[0] ?? ''
  const workingDir = one('WORKDIR')
  const command: readonly string[] = JSON.parse(one('CMD'))
  return {
    env: said('ENV').flatMap(words => words.split(' ')),
    workingDir,
    user: one('USER'),
    ports: one('EXPOSE').split(' '),
    command,
    copied: said('COPY').map(words => absolute(words.split(' ').at(-1) ?? '', workingDir)),
  }
}

function absolute(path: string, folder: string): string {
  return path.startsWith('/') ? path : `${folder}/${path}`
}
