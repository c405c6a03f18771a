import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, it, vi } from 'vitest'
import { FolderObjects } from '../../service/objects/folder-objects.ts'
import { spoolObject } from '../../service/objects/spool-object.ts'
import { Spool } from '../../service/spool/spool.ts'

const folder = mkdtempSync(join(tmpdir(), 'spool-object-'))
const spoolDir = join(folder, 'spool')
mkdirSync(spoolDir)
const objects = FolderObjects.open(folder)
afterAll(() => {
  objects.close()
  rmSync(folder, { recursive: true })
})

it('an object that the spool refuses is let go of, and nothing of it is left there', async () => {
  await objects.write('long', Readable.from([Buffer.alloc(100, '1')]), { contentType: 'text/csv', onlyNew: false })
  const found = await objects.find('long')
  const read = vi.spyOn(objects, 'read')
  const app = { objects, spool: new Spool(spoolDir, 10) }
  await expect(spoolObject(app, found, { format: 'csv', gzip: false })).rejects.toMatchObject({ code: 'bodyTooLarge' })
  const streams = await Promise.all(read.mock.results.map(({ value }) => value))
  expect(streams).toEqual([expect.objectContaining({ destroyed: true })])
  expect(readdirSync(spoolDir)).toEqual([])
})
