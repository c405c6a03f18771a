import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ImageContent, writeArchive } from '../../../../constructs/commands/image-archive/write-archive.ts'
import { podSecurity } from '../../../../constructs/security-context.ts'
import { images } from '../../../../constructs/versions.ts'
import { findProgram } from '../../../service/servers/go-program.ts'
import { findLogPrograms } from '../../logging/log-programs.ts'
import { imageOf, readValues } from './chart-values.ts'
import { addPostgres, makeProgramRoot, versionOf } from './image-parts.ts'

export interface StandIn {
  /** The name that the manifests have. */
  readonly tag: string
  /** What really is in it. */
  readonly runs: string
  readonly archive: string
}

const user = `${podSecurity.runAsUser}:${podSecurity.runAsGroup}`
const everywhere = { env: [], workingDir: '/', user, ports: [], command: [] } as const satisfies ImageContent['config']

/** Packs programs of this machine as the images that the manifests and the charts' values name, in a folder. @param lokiImage its name
 * @throws Error that says which program is missing and how to come by it */
export async function makeStandIns(work: string, lokiImage: string): Promise<StandIn[]> {
  const { loki, promtail } = findLogPrograms()
  const [minio, mc] = [findProgram('minio'), findProgram('mc')]
  if (!minio || !mc) throw new Error('There is no minio or no mc: any test that needs them builds them once, with Go.')
  const standIns: StandIn[] = []
  const pack = async (name: string, tag: string, programs: readonly string[], config: Partial<ImageContent['config']>) => {
    const folder = join(work, name)
    makeProgramRoot(folder, programs)
    const postgres = name === 'postgres' ? addPostgres(folder, work) : []
    const archive = join(work, `${name}.tar`)
    await writeArchive(archive, { tag, config: { ...everywhere, ...config }, layers: [folder] })
    standIns.push({ tag, archive, runs: [...programs.map(versionOf), postgres].flat().join(', ') })
  }
  mkdirSync(work, { recursive: true })
  await pack('minio', imageOf(readValues('minio')), [minio, mc], {})
  await pack('postgres', imageOf(readValues('postgres')), [], {
    env: ['PATH=/opt/postgresql/bin:/usr/bin'],
    command: ['/bin/sh', '/usr/bin/postgres-entrypoint'],
  })
  await pack('loki', lokiImage, [loki], { entrypoint: ['/usr/bin/loki'] })
  await pack('promtail', `${images.promtail.source}:${images.promtail.version}`, [promtail], { entrypoint: ['/usr/bin/promtail'] })
  return standIns
}
