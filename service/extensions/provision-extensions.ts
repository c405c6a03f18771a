import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { extensionInstallTimeoutMs } from '../settings.ts'
import { StartupError } from '../startup-error.ts'
import { extensionFromWheel } from './extension-from-wheel.ts'
import { extensionNames, useExtensionFolder } from './load-extensions.ts'

/** Sees to it that DuckDB can load every extension from the folder, and loads them. What is there and loads is not touched.
 * @throws StartupError with what each source answered. */
export async function provisionExtensions(connection: DuckDBConnection, folder: string, say: (line: string) => void): Promise<void> {
  makeFolder(folder)
  await connection.run(useExtensionFolder(folder))
  const { version, platform } = await engineOf(connection)
  let installWorks = true
  for (const name of extensionNames) {
    if (await loads(connection, name)) continue
    const file = join(folder, version, platform, `${name}.duckdb_extension`)
    say(`DuckDB's extension ${name} ${version} does not load from ${folder} yet, fetching it …`)
    const refusals: string[] = []
    for (const source of [...(installWorks ? [duckDbInstall] : []), pythonWheel]) {
      try {
        // Away from the old name first: a file that does not load is no use, and one that somebody has loaded must not change in place.
        rmSync(file, { force: true })
        await source()
        await connection.run(`LOAD ${name}`)
        refusals.length = 0
        break
      } catch (error) {
        if (source === duckDbInstall) installWorks = false
        refusals.push(`  ${source.name === 'pythonWheel' ? 'pip' : 'INSTALL'}: ${firstLine(error)}`)
      }
    }
    if (refusals.length > 0) {
      throw new StartupError(
        `DuckDB's extension ${name} ${version} could not be fetched:\n${refusals.join('\n')}\nGive this machine a way to one of the two, or put the file at ${file} (EXTENSION_DIR names another folder).`,
      )
    }

    async function duckDbInstall(): Promise<void> {
      const late = sleep(extensionInstallTimeoutMs, undefined, { ref: false }).then(() => {
        throw new Error(`no answer within ${extensionInstallTimeoutMs / 1000} s`)
      })
      await Promise.race([connection.run(`INSTALL ${name}`), late])
    }

    async function pythonWheel(): Promise<void> {
      mkdirSync(join(folder, version, platform), { recursive: true })
      await extensionFromWheel(name, version, platform, `${file}.new`)
      renameSync(`${file}.new`, file)
    }
  }
}

/** In an image it must be there, and nothing can be added to it. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new StartupError(
      `The folder ${folder} for DuckDB's extensions ${extensionNames.join(', ')} is missing and cannot be made (${firstLine(error)}): put them there, or name another folder with EXTENSION_DIR.`,
    )
  }
}

async function engineOf(connection: DuckDBConnection): Promise<{ version: string; platform: string }> {
  const reader = await connection.runAndReadAll('SELECT library_version, (SELECT platform FROM pragma_platform()) FROM pragma_version()')
  const [version, platform] = reader.getRows()[0] ?? []
  return { version: String(version), platform: String(platform) }
}

async function loads(connection: DuckDBConnection, name: string): Promise<boolean> {
  try {
    await connection.run(`LOAD ${name}`)
    return true
  } catch {
    return false
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
