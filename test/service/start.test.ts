import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldersOf } from '../../service/embedded/lake-folder.ts'
import { removeLake, run, temporaryFolder } from './run-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

/** Everything that a service started and that still runs, by the folders in its command line. */
function leftOver({ lakeDir }: Service): string {
  const { run } = foldersOf(lakeDir)
  return processes()
    .filter(line => line.includes(lakeDir) || line.includes(run))
    .join('\n')
}

function listen(server: Server): Promise<number> {
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    }),
  )
}

function processes(): string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
}

describe('a start', () => {
  it('prints a line that gives the first answer when it is pasted', async () => {
    const service = await startService()
    const line = /^ {2}(curl .*)$/m.exec(service.output().out)?.[1] ?? ''
    const { stdout } = await promisify(execFile)('sh', ['-c', line])
    expect(JSON.parse(stdout)).toMatchObject({
      columns: [{ name: 'from_station' }, { name: 'rides' }, { name: 'passengers' }],
      rowCount: 6,
    })
    await stopService(service)
  })

  it('keeps key and data, and does not bring the example back', async () => {
    const first = await startService()
    first.child.kill('SIGTERM')
    expect(await first.exit).toBe(0)
    const second = await startService({}, first.lakeDir)
    expect(second.key).toBe(first.key)
    expect((await second.query('SELECT count(*) FROM rides')).body).toMatchObject({ rows: [['500']], snapshotId: '1' })
    expect(statSync(join(first.lakeDir, 'admin-key')).mode & 0o777).toBe(0o600)
    await stopService(second)
  })

  it('simply works after everything was killed', async () => {
    const first = await startService()
    first.child.kill('SIGKILL')
    await first.exit
    const second = await startService({}, first.lakeDir)
    expect((await second.query('SELECT count(*) FROM rides')).body).toMatchObject({ rows: [['500']] })
    await stopService(second)
  })

  it('works beside another lake, and is refused for the same one', async () => {
    const [first, second] = await Promise.all([startService(), startService()])
    expect((await second.query('SELECT count(*) FROM rides')).status).toBe(200)
    const same = run({ LAKE_DIR: first.lakeDir })
    expect(await same.exit).toBe(1)
    expect(same.output().error).toBe(
      `The lake ${first.lakeDir} is already served by process ${first.child.pid}: stop that one, or choose another folder with LAKE_DIR.\n`,
    )
    expect((await first.query('SELECT 1')).status).toBe(200)
    await Promise.all([stopService(first), stopService(second)])
  })
})

describe('a stop', () => {
  it('ends every process and exits with 0, also when the signal comes twice and a statement runs', async () => {
    const service = await startService()
    const running = service.query('SELECT count(*) FROM range(1000000000000)').catch(() => undefined)
    await new Promise(resolve => setTimeout(resolve, 300))
    service.child.kill('SIGINT')
    service.child.kill('SIGINT')
    expect(await service.exit).toBe(0)
    await running
    expect(leftOver(service)).toBe('')
    removeLake(service.lakeDir)
  })
})

describe('a start that cannot be says why and leaves nothing behind', () => {
  let lakeDir = ''
  beforeEach(() => {
    lakeDir = temporaryFolder()
  })
  afterEach(() => removeLake(lakeDir))

  it('busy port', async () => {
    const server = createServer()
    const port = await listen(server)
    const refused = run({ LAKE_DIR: lakeDir }, ['--port', `${port}`])
    expect(await refused.exit).toBe(1)
    expect(refused.output().error).toContain(`Port ${port} of 127.0.0.1 is taken by another program: choose another with --port`)
    server.close()
  })

  it('folder of a newer program', async () => {
    writeFileSync(join(lakeDir, 'version.json'), '{"format":2}')
    const refused = run({ LAKE_DIR: lakeDir })
    expect(await refused.exit).toBe(1)
    expect(refused.output().error).toBe(
      `${lakeDir} is of format 2, this program knows format 1: update the program, or choose another folder with LAKE_DIR.\n`,
    )
    expect(readFileSync(join(lakeDir, 'version.json'), 'utf8')).toBe('{"format":2}')
  })

  it('folder that cannot be written', async () => {
    const refused = run({ LAKE_DIR: '/dev/null/lake' })
    expect(await refused.exit).toBe(1)
    expect(refused.output().error).toMatch(/^The lake's folder \/dev\/null\/lake cannot be written: .* Choose another with LAKE_DIR/)
  })

  it('no source for the extensions', async () => {
    // No Python on this path, and in front of DuckDB's own source a proxy that lets nothing through, whatever network this machine has.
    let asked = 0
    const proxy = createServer(client => {
      asked += 1
      client.on('error', () => {}).once('data', () => client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'))
    })
    const url = `http://127.0.0.1:${await listen(proxy)}`
    const refused = run({ LAKE_DIR: lakeDir, EXTENSION_DIR: join(lakeDir, 'none'), PATH: '/nonexistent', http_proxy: url, HTTP_PROXY: url })
    expect(await refused.exit).toBe(1)
    expect(refused.output().error).toMatch(
      /could not be fetched:\n {2}INSTALL: .*\n {2}pip: neither python3 nor pip is on the PATH\nGive this machine a way to one of the two, or put the file at /,
    )
    expect(asked).toBe(1)
    proxy.close()
  })

  it('an image without the folder of the extensions', async () => {
    const secrets = ['READER', 'WRITER', 'MAINTENANCE'].flatMap(user => [
      `CATALOG_${user}_PASSWORD`,
      `S3_${user}_KEY_ID`,
      `S3_${user}_SECRET`,
    ])
    const refused = run({
      LAKE_DIR: lakeDir,
      EXTENSION_DIR: '/dev/null/none',
      CATALOG_HOST: '127.0.0.1',
      CATALOG_DATABASE: 'lake',
      S3_ENDPOINT: 'http://127.0.0.1:9',
      S3_DATA_PATH: 's3://lake/tables/',
      ...Object.fromEntries([...secrets, 'CATALOG_SERVICE_PASSWORD'].map(name => [name, 'x'])),
    })
    expect(await refused.exit).toBe(1)
    expect(refused.output().error).toMatch(
      /^The folder \/dev\/null\/none for DuckDB's extensions ducklake, httpfs, postgres_scanner is missing and cannot be made \(.*\): put them there, or name another folder with EXTENSION_DIR\.\n$/,
    )
  })
})
