import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

async function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(service.url + path, { headers: { authorization: `Bearer ${service.key}`, ...headers } })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text }
}

describe('the catalogue', () => {
  it('lists tables with rows, files and bytes', async () => {
    expect((await get('/v1/tables')).body).toEqual({
      snapshotId: '1',
      tables: [
        {
          schema: 'main',
          name: 'rides',
          kind: 'table',
          rowCount: '500',
          fileCount: 1,
          bytes: expect.stringMatching(/^\d+$/),
          deletedRowCount: '0',
        },
      ],
    })
  })

  it('shows the columns of a table, and its files', async () => {
    expect((await get('/v1/tables/main/rides')).body).toMatchObject({
      rowCount: '500',
      columns: expect.arrayContaining([{ name: 'fares', type: 'DECIMAL(9,2)', nullable: true, default: null }]),
    })
    expect((await get('/v1/tables/main/rides/files')).body).toMatchObject({
      files: [{ path: expect.stringMatching(/\.parquet$/), rowCount: '500', deletedRowCount: '0', sinceSnapshot: '1' }],
    })
  })

  it('shows the changes between two snapshots in any format', async () => {
    const { body } = await get('/v1/tables/main/rides/changes?from=0&to=1&format=csv')
    const [head, ...rows] = String(body).trimEnd().split('\n')
    expect(head).toMatch(/^snapshot_id,rowid,change_type,ride_id,/)
    expect(rows).toHaveLength(500)
    expect(rows.every(row => row.startsWith('1,') && row.includes(',insert,'))).toBe(true)
  })

  it('has the time line, page by page', async () => {
    const first = await get('/v1/snapshots?limit=1')
    expect(first.body).toMatchObject({ snapshots: [{ snapshotId: '1', message: 'Example table of a new lake' }], next: '1' })
    expect((await get('/v1/snapshots?limit=1&before=1')).body).toMatchObject({ snapshots: [{ snapshotId: '0' }], next: null })
  })

  it('answers 304 as long as nobody commits', async () => {
    const { headers } = await get('/v1/tables')
    const again = await get('/v1/tables', { 'if-none-match': headers.get('etag') ?? '' })
    expect({ status: again.status, body: again.body }).toEqual({ status: 304, body: '' })
  })

  it.each([
    ['/v1/tables/main/nothing', 404, 'notFound', 'There is no table main.nothing that this key may read.'],
    ["/v1/tables/main/rides'--", 404, 'notFound', 'There is no table'],
    ['/v1/tables/main/rides/changes?from=1&to=0', 400, 'invalidRequest', 'from is 1 and to is 0: from must not be later.'],
    ['/v1/tables/main/rides/changes?from=0&to=99', 404, 'snapshotNotFound', '99'],
    ['/v1/tables/main/rides/changes?from=zero&to=1', 400, 'invalidRequest', 'querystring/from'],
    ['/v1/tables/main/rides/changes', 400, 'invalidRequest', "must have required property 'from'"],
    ['/v1/snapshots?limit=0', 400, 'invalidRequest', 'querystring/limit'],
    ['/v1/snapshots?after=1', 400, 'invalidRequest', 'must NOT have additional properties'],
  ])('refuses %s', async (path, status, code, detail) => {
    const answer = await get(path)
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: { code, detail: expect.stringContaining(detail) } })
  })
})
