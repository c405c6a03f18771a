import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FolderObjects } from '../../service/objects/folder-objects.ts'

let folder: string
let objects: FolderObjects
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'objects-'))
  objects = FolderObjects.open(folder)
})
afterEach(() => {
  objects.close()
  rmSync(folder, { recursive: true })
})

const plain = { contentType: 'text/plain', onlyNew: false }
const bytesOf = (...parts: string[]) =>
  (async function* () {
    for (const part of parts) yield Buffer.from(part)
  })()
const put = (key: string, body = key) => objects.write(key, bytesOf(body), plain)

/** Every file below the folder; its own folders stay. */
function files(of = folder): string[] {
  const entries = readdirSync(of, { recursive: true, withFileTypes: true })
  return entries.filter(entry => !entry.isDirectory()).map(({ name }) => name)
}

describe('objects in a folder', () => {
  it('leave no file and no folder behind when they are removed or replaced', async () => {
    for (const key of ['a/b/c', 'a/b/d', 'e']) await put(key)
    await put('e', 'again')
    expect(files()).toHaveLength(6)
    for (const key of ['a/b/c', 'a/b/d', 'e']) await objects.remove(key)
    expect(files()).toEqual([])
    expect(readdirSync(join(folder, 'datasets'))).toEqual([])
  })

  it.each([
    ['a', 'a/b', 'a part of a/b is an object itself'],
    ['a', 'a/b/c', 'a part of a/b/c is an object itself'],
    ['a/b', 'a', 'there are objects below a/'],
  ])('with %s there is no %s', async (first, second, detail) => {
    await put(first)
    await expect(put(second)).rejects.toMatchObject({ code: 'conflict', detail: expect.stringContaining(detail) })
    expect(await text((await objects.read(await objects.find(first))) ?? Readable.from([]))).toBe(first)
    expect(files()).toHaveLength(2)
    await objects.remove(first)
    expect(files()).toEqual([])
  })

  it('leave nothing behind of a body that fails', async () => {
    await put('a', 'as it was')
    const failing = (async function* () {
      yield Buffer.from('half')
      throw new Error('of the test')
    })()
    await expect(objects.write('a', failing, plain)).rejects.toThrow('of the test')
    expect(await text((await objects.read(await objects.find('a'))) ?? Readable.from([]))).toBe('as it was')
    expect(files()).toHaveLength(2)
  })

  it('are read as they were found, or not at all', async () => {
    await put('a', 'first')
    const found = await objects.find('a')
    const begun = await objects.read(found)
    await put('a', 'other')
    expect(await text(begun ?? Readable.from([]))).toBe('first')
    expect(await objects.read(found)).toBeUndefined()
    await objects.remove('a')
    expect(await objects.read(found)).toBeUndefined()
  })

  it('that came there by other ways are objects too, but no link is', async () => {
    mkdirSync(join(folder, 'datasets', 'b'))
    writeFileSync(join(folder, 'datasets', 'b', 'by hand.csv'), 'id\n')
    writeFileSync(join(folder, 'secret'), 'x')
    symlinkSync(join(folder, 'secret'), join(folder, 'datasets', 'link'))
    symlinkSync(folder, join(folder, 'datasets', 'up'))
    const order = { prefix: '', delimiter: undefined, after: undefined, limit: 10 }
    expect(await objects.list(order)).toMatchObject([{ key: 'b/by hand.csv', bytes: 3, contentType: 'application/octet-stream' }])
    for (const key of ['link', 'up/secret']) await expect(objects.find(key)).rejects.toMatchObject({ code: 'notFound' })
    await expect(put('up/secret')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('what a killed process was writing is gone after the next start', () => {
    mkdirSync(join(folder, 'incoming', '999999999'))
    writeFileSync(join(folder, 'incoming', '999999999', 'half'), 'x')
    objects.close()
    objects = FolderObjects.open(folder)
    expect(files()).toEqual([])
  })

  it('are refused while the disk is nearly full', async context => {
    const disk = mkdtempSync(join(tmpdir(), 'small-disk-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=330m', 'tmpfs', disk], { stdio: 'pipe' })
    } catch (error) {
      rmSync(disk, { recursive: true })
      if (process.env.CI === 'true') throw error
      return context.skip('mounting a small disk needs root')
    }
    try {
      const full = FolderObjects.open(disk)
      const endless = (async function* () {
        for (;;) yield Buffer.alloc(1_000_000)
      })()
      await expect(full.write('a', endless, plain)).rejects.toMatchObject({ code: 'storageFull' })
      expect(files(disk)).toEqual([])
    } finally {
      execFileSync('umount', [disk])
      rmSync(disk, { recursive: true })
    }
  })
})
