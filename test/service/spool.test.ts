import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, Spool, type SpooledFile } from '../../service/spool/spool.ts'

const folder = mkdtempSync(join(tmpdir(), 'spool-'))
const spool = new Spool(folder, 50_000_000)
afterAll(() => rmSync(folder, { recursive: true }))

const csv = Buffer.from('i,n\n1,one\n2,two\n')
const digest = (algorithm: string, data: Buffer) => createHash(algorithm).update(data).digest('base64')
const bodyOf = (data: Buffer | string, more: Partial<Body> = {}): Body => ({ stream: Readable.from([Buffer.from(data)]), ...more })

/** Each error must leave nothing behind. */
async function refused(body: Body, error: object, by = spool): Promise<void> {
  await expect(by.take(body)).rejects.toMatchObject(error)
  expect(readdirSync(folder)).toEqual([])
}

describe('a body that arrives whole', () => {
  it('leaves the memory that it came in while it passes, long before V8 would look at it by itself', async () => {
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    function* chunks() {
      for (let chunk = 0; chunk < 700; chunk += 1) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before)
        yield Buffer.from(new ArrayBuffer(65_536))
      }
    }
    await (await spool.take({ stream: Readable.from(chunks()) })).release()
    expect(most).toBeLessThan(16_777_216)
  })

  it('is a file that only we may read, and is gone when it is released', async () => {
    const file = await spool.take(bodyOf(csv, { contentLength: csv.length, text: { maxLineBytes: 100 } }))
    expect(file).toMatchObject({ bytes: csv.length, sha256: digest('sha256', csv) })
    expect(readFileSync(file.path)).toEqual(csv)
    expect(execFileSync('stat', ['-c', '%a', file.path], { encoding: 'utf8' })).toBe('600\n')
    await file.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is unpacked; the hash is that of what was sent', async () => {
    const packed = gzipSync(csv)
    const file = await spool.take(bodyOf(packed, { contentLength: packed.length, contentEncoding: 'gzip' }))
    expect(file).toMatchObject({ bytes: csv.length, sha256: digest('sha256', packed) })
    expect(readFileSync(file.path)).toEqual(csv)
    await file.release()
  })

  it('loses its byte order mark, which is an error in JSON', async () => {
    const file = await spool.take(bodyOf('\ufeff{"a":1}', { text: {} }))
    expect(readFileSync(file.path, 'utf8')).toBe('{"a":1}')
    await file.release()
  })

  it('loses its mark also if it comes byte by byte, and keeps what is shorter than one', async () => {
    for (const [sent, kept] of [
      ['\ufeffid\n', 'id\n'],
      ['a', 'a'],
      ['', ''],
    ] as const) {
      const bytes = [...Buffer.from(sent)].map(byte => Buffer.from([byte]))
      const file = await spool.take({ stream: Readable.from(bytes), text: {} })
      expect([readFileSync(file.path, 'utf8'), file.bytes]).toEqual([kept, kept.length])
      await file.release()
    }
  })

  it.each([
    `sha-256=:${digest('sha256', csv)}:`,
    `sha-512=:${digest('sha512', csv)}:, sha-256=:${digest('sha256', csv)}:;why=not`,
    'md5=:AAAA:',
  ])('may have Content-Digest: %s', async contentDigest => {
    await (await spool.take(bodyOf(csv, { contentDigest }))).release()
  })
})

describe('a body is refused', () => {
  it('with the wrong digest, and is told both', async () => {
    const wrong = digest('sha512', Buffer.from('something else'))
    await refused(bodyOf(csv, { contentDigest: `sha-256=:${digest('sha256', csv)}:, sha-512=:${wrong}:` }), {
      code: 'digestMismatch',
      detail: `Content-Digest says sha-512=:${wrong}:, what arrived has sha-512=:${digest('sha512', csv)}:. Nothing was kept: send it again.`,
    })
  })

  it.each(['sha-256=abc', 'sha-256', ':AAAA:', 'sha-256=:AA A:'])('with Content-Digest: %s', async contentDigest => {
    await refused(bodyOf(csv, { contentDigest }), { code: 'invalidRequest', detail: expect.stringContaining(contentDigest) })
  })

  it('that is too large, by what it says and by what it has', async () => {
    const small = new Spool(folder, 1_048_576)
    await refused(bodyOf(csv, { contentLength: 2_000_000 }), { code: 'invalidRequest' })
    await refused(
      bodyOf(csv, { contentLength: 2_000_000 }),
      { code: 'bodyTooLarge', detail: expect.stringMatching(/^The body has more than UPLOAD_MAX_MB, which is 1:/) },
      small,
    )
    await refused(bodyOf(Buffer.alloc(2_000_000)), { code: 'bodyTooLarge' }, small)
    await refused(bodyOf(gzipSync(Buffer.alloc(2_000_000)), { contentEncoding: 'gzip' }), { code: 'bodyTooLarge' }, small)
  })

  it('that is a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(40_000_000))
    await refused(bodyOf(bomb, { contentEncoding: 'gzip' }), {
      code: 'bodyTooLarge',
      detail: 'The body unpacks to more than 250 times its size: send it without Content-Encoding.',
    })
  })

  it('that is packed and broken, or packed in another way', async () => {
    const packed = gzipSync(csv)
    const broken = { code: 'dataInvalid', detail: 'The body is not whole gzip, as Content-Encoding says.' }
    await refused(bodyOf(packed.subarray(0, packed.length - 6), { contentEncoding: 'gzip' }), broken)
    await refused(bodyOf(csv, { contentEncoding: 'gzip' }), broken)
    await refused(bodyOf(csv, { contentEncoding: 'br' }), {
      code: 'unsupportedMediaType',
      detail: 'Content-Encoding is br: use gzip, or none.',
    })
  })

  it.each([
    ['a NUL', 'a,b\n1,2\n3,\0\n', 'Line 3 holds a NUL byte, at byte 10 of the data: text must not.'],
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), 'The data begins with the byte order mark of UTF-16: save it as UTF-8.'],
    ['UTF-16 without its mark', Buffer.from('a,b\n', 'utf16le'), 'Line 1 holds a NUL byte, at byte 1 of the data'],
    ['a line that is too long', `a,b\n1,2\n3,${'x'.repeat(300_000)}\n4,5\n`, 'Line 3 has more than 200000 bytes.'],
    ['a last line that is too long', `a,b\n3,${'x'.repeat(300_000)}`, 'Line 2 has more than 200000 bytes.'],
    ['a first line that is too long', 'x'.repeat(300_000), 'Line 1 has more than 200000 bytes.'],
  ])('that is text with %s', async (_, data, detail) => {
    const pieces = Array.from({ length: Math.ceil(data.length / 65_536) }, (_, at) =>
      Buffer.from(data).subarray(at * 65_536, (at + 1) * 65_536),
    )
    const body = { stream: Readable.from(pieces), text: { maxLineBytes: 200_000 } }
    await refused(body, { code: 'dataInvalid', detail: expect.stringContaining(detail) })
  })

  it('while the disk is nearly full, before and while it comes', async context => {
    const disk = join(tmpdir(), `small-disk-${process.pid}`)
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=330m', 'tmpfs', disk], { stdio: 'pipe' })
    } catch (error) {
      rmSync(disk, { recursive: true })
      if (process.env.CI === 'true') throw error
      return context.skip('mounting a small disk needs root')
    }
    try {
      const full = new Spool(disk, 1_000_000_000)
      const said = { code: 'storageFull', detail: expect.stringContaining('not enough free disk') }
      await expect(full.take(bodyOf(csv, { contentLength: 100_000_000 }))).rejects.toMatchObject(said)
      const endless = Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(1_000_000)
        })(),
      )
      await expect(full.take({ stream: endless })).rejects.toMatchObject(said)
      expect(readdirSync(disk)).toEqual([])
    } finally {
      execFileSync('umount', [disk])
      rmSync(disk, { recursive: true })
    }
  })
})

describe('a sender that hangs up', () => {
  let taken: Promise<SpooledFile> | undefined
  const server = createServer((request: IncomingMessage) => {
    taken = spool.take({ stream: request, contentLength: Number(request.headers['content-length']) })
    taken.catch(() => {})
  })
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  afterAll(() => server.close())

  it.each([0, 50, 99])('after %i %% leaves nothing', async percent => {
    const length = 10_000_000
    const { port }: AddressInfo = addressOf(server.address())
    const arrived = once(server, 'request')
    const socket = connect(port, '127.0.0.1')
    socket.write(`PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`)
    const sent = (length * percent) / 100
    await new Promise(resolve => socket.write(Buffer.alloc(sent), resolve))
    await arrived
    socket.destroy()
    await expect(taken).rejects.toMatchObject({
      code: 'invalidRequest',
      detail: expect.stringMatching(/^The body broke off after \d+ of 10000000 bytes\. Nothing was kept/),
    })
    expect(readdirSync(folder)).toEqual([])
  })
})

it('removes what nobody has released for a day', async () => {
  const [old, young] = [join(folder, 'old'), join(folder, 'young')]
  for (const path of [old, young]) writeFileSync(path, '')
  utimesSync(old, new Date(0), new Date(0))
  await spool.sweep()
  expect(readdirSync(folder)).toEqual(['young'])
  rmSync(young)
})

function addressOf(address: ReturnType<ReturnType<typeof createServer>['address']>): AddressInfo {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen')
  return address
}
