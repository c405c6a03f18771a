import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './run-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

/** Sorts more than fits into memory. */
const spilling =
  'SELECT max(a) FROM (SELECT hash(range) AS a, hash(range + 1) AS b, hash(range + 2) AS c FROM range(20000000) ORDER BY ALL)'
const small = { ENGINE_MEMORY_MB: '128', ENGINES: '1', ENGINES_SHORT: '0', ENGINE_SPARES: '0' }

const spilledFiles = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.tmp'))

async function refusesAndRecovers(service: Service): Promise<void> {
  const { status, body } = await service.query(spilling)
  expect([status, body.code]).toEqual([507, 'storageFull'])
  expect(String(body.detail)).not.toContain(service.lakeDir)
  await expect.poll(() => spilledFiles(join(service.lakeDir, 'spill'))).toEqual([])
  expect((await service.query('SELECT count(*) FROM rides')).body.rows).toEqual([['500']])
}

describe('a statement that spills', () => {
  it('more than it may is refused, and leaves nothing on the disk', async () => {
    const service = await startService({ ...small, ENGINE_SPILL_MB: '64' })
    try {
      await refusesAndRecovers(service)
    } finally {
      await stopService(service)
    }
  })

  // Only root may mount a file system.
  it.skipIf(process.getuid?.() !== 0)('more than the disk has is refused too', async () => {
    const lakeDir = temporaryFolder()
    const spill = join(lakeDir, 'spill')
    mkdirSync(spill)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', spill])
    const service = await startService(small, lakeDir)
    try {
      await refusesAndRecovers(service)
    } finally {
      service.child.kill('SIGINT')
      await service.exit
      execFileSync('umount', [spill])
      await stopService(service)
    }
  })
})

it('what a killed service has left in the spill folder is gone after the next start', async () => {
  const first = await startService(small)
  const [own = ''] = readdirSync(join(first.lakeDir, 'spill'))
  first.child.kill('SIGKILL')
  await first.exit
  expect(readdirSync(join(first.lakeDir, 'spill', own)).length).toBeGreaterThan(0)
  const second = await startService(small, first.lakeDir)
  try {
    expect(readdirSync(join(first.lakeDir, 'spill'))).toEqual([`${second.child.pid}`])
  } finally {
    second.child.kill('SIGINT')
    await second.exit
    expect(readdirSync(join(first.lakeDir, 'spill'))).toEqual([])
    await stopService(second)
  }
})
