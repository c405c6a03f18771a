import { cpSync, renameSync, rmSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { foldersOf } from '../../service/embedded/lake-folder.ts'
import { removeLake, run, temporaryFolder } from './run-service.ts'
import { startOn } from './start-service.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) removeLake(folder)
})

/** A lake that was started once, has its example table and is stopped again. */
async function madeLake(): Promise<string> {
  const lakeDir = temporaryFolder()
  folders.push(lakeDir)
  await rides(lakeDir)
  return lakeDir
}

/** Starts the lake, asks it, stops it. */
async function rides(lakeDir: string): Promise<unknown> {
  const service = await startOn({ LAKE_DIR: lakeDir }, lakeDir)
  const { body } = await service.query('SELECT sum(fares) FROM rides')
  service.child.kill('SIGTERM')
  await service.exit
  return body.rows
}

it('works where its folder was moved to, and where it is moved back', async () => {
  const lakeDir = await madeLake()
  const moved = `${lakeDir}-moved`
  folders.push(moved)
  renameSync(lakeDir, moved)
  expect(await rides(moved)).toEqual([['47499.20']])
  renameSync(moved, lakeDir)
  expect(await rides(lakeDir)).toEqual([['47499.20']])
})

it('is no second lake where its folder was copied to, if the copy would share its catalog', async () => {
  const lakeDir = await madeLake()
  const copy = `${lakeDir}-copy`
  folders.push(copy)
  // Pipes of engines may be left in there, which Node does not copy.
  cpSync(lakeDir, copy, { recursive: true, filter: file => file !== foldersOf(lakeDir).spill })
  const { base } = foldersOf(lakeDir)
  if (base === lakeDir) expect(await rides(copy)).toEqual([['47499.20']])
  else {
    const refused = run({ LAKE_DIR: copy })
    expect(await refused.exit).toBe(1)
    expect(refused.output().error).toBe(
      `${copy} is a copy of ${lakeDir}: both have their catalog in ${base}. Remove the copy, or choose another folder with LAKE_DIR.\n`,
    )
  }
  expect(await rides(lakeDir)).toEqual([['47499.20']])
})

it('gets no new catalog beside its files when the old one is lost', async () => {
  const lakeDir = await madeLake()
  const { postgres, data } = foldersOf(lakeDir)
  rmSync(postgres, { recursive: true })
  const refused = run({ LAKE_DIR: lakeDir })
  expect(await refused.exit).toBe(1)
  expect(refused.output().error).toContain(`The catalog of the files in ${data} is not in ${postgres}: `)
})
