import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { extensionNames, useExtensionFolder } from '../extensions/load-extensions.ts'
import { type Finding, fault, messageOf, ok } from './finding.ts'

/** Whether DuckDB finds each extension, of its own version, and can load it. */
export async function checkExtensions(folder: string): Promise<readonly Finding[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run(useExtensionFolder(folder))
    const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().map(row => row.map(String))
    const [[version = '', platform = ''] = []] = await ask(
      'SELECT library_version, (SELECT platform FROM pragma_platform()) FROM pragma_version()',
    )
    const place = join(folder, version, platform)
    const findings: Finding[] = []
    for (const name of extensionNames) {
      const file = join(place, `${name}.duckdb_extension`)
      if (!existsSync(file)) findings.push(missing(name, folder, version, file))
      else
        await connection.run(`LOAD ${name}`).catch((error: unknown) => {
          const todo = 'Remove the file and run "npm run migrate", which fetches it again.'
          findings.push(fault('extensions', `The extension ${name} does not load: ${firstLine(error)}`, file, todo))
        })
    }
    if (findings.length > 0) return findings
    const loaded = await ask('SELECT extension_name, extension_version FROM duckdb_extensions() WHERE loaded ORDER BY ALL')
    const names = loaded.filter(([name]) => extensionNames.some(each => each === name)).map(each => each.join(' '))
    return [ok('extensions', `${names.join(', ')}, for DuckDB ${version}`, place)]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function missing(name: string, folder: string, version: string, file: string): Finding {
  const others = existsSync(folder) ? readdirSync(folder).filter(each => /^v\d/.test(each) && each !== version) : []
  const of = others.length > 0 ? `, which has those of DuckDB ${others.join(', ')}` : ''
  const todo = 'Run "npm run migrate", which fetches it, or put the file there; EXTENSION_DIR names another folder.'
  return fault('extensions', `The extension ${name} for DuckDB ${version} is not in ${folder}${of}.`, file, todo)
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? ''
}
