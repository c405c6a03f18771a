import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'

/** DuckDB's platform names and those of Python's wheels. */
const wheelPlatforms: Readonly<Record<string, string>> = {
  linux_amd64: 'manylinux2014_x86_64',
  linux_arm64: 'manylinux2014_aarch64',
  osx_arm64: 'macosx_11_0_arm64',
}

/** Writes the extension that DuckDB's makers publish as a Python wheel of the same version. Only pip is used, to fetch it.
 * @param version with its `v`. @throws Error if pip or the wheel says no, or if the bytes are not those of the wheel's own list. */
export async function extensionFromWheel(name: string, version: string, platform: string, file: string): Promise<void> {
  const wheelPlatform = wheelPlatforms[platform]
  if (!wheelPlatform) throw new Error(`there is no wheel for ${platform}`)
  const folder = mkdtempSync(join(tmpdir(), 'duckdb-extension-'))
  try {
    const wheel = `duckdb-extension-${name.replaceAll('_', '-')}==${version.slice(1)}`
    await pip([
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary=:all:',
      '--platform',
      wheelPlatform,
      '--dest',
      folder,
      wheel,
    ])
    const [archive] = readdirSync(folder)
    if (!archive) throw new Error(`pip fetched nothing for ${wheel}`)
    const entries = unzipSync(readFileSync(join(folder, archive)))
    const inside = Object.keys(entries).find(entry => entry.endsWith(`/${version}/${name}.duckdb_extension`))
    const bytes = inside ? entries[inside] : undefined
    const list = Object.entries(entries).find(([entry]) => entry.endsWith('.dist-info/RECORD'))?.[1]
    if (!inside || !bytes || !list) throw new Error(`the wheel ${archive} holds no ${name} for DuckDB ${version}`)
    const checksum = createHash('sha256').update(bytes).digest('base64url')
    if (!new TextDecoder().decode(list).includes(`${inside},sha256=${checksum},`))
      throw new Error(`the checksum of ${inside} is not the one its wheel lists`)
    writeFileSync(file, bytes)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** However Python is called on this machine. */
async function pip(words: readonly string[]): Promise<void> {
  const callers = [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const
  for (const [program, ...first] of callers) {
    const answer = await run(program, [...first, ...words])
    if (answer === 'missing') continue
    if (answer === undefined) return
    throw new Error(answer)
  }
  throw new Error('neither python3 nor pip is on the PATH')
}

/** @returns undefined if it went well, else what it said. */
function run(program: string, words: readonly string[]): Promise<string | undefined> {
  return new Promise(resolve => {
    let said = ''
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.on('data', data => {
      said += data
    })
    child.on('error', error => resolve('code' in error && error.code === 'ENOENT' ? 'missing' : error.message))
    child.on('close', code => {
      const lines = said.trim().split('\n')
      resolve(
        code === 0
          ? undefined
          : /No module named pip/.test(said)
            ? 'missing'
            : (lines.findLast(line => line.startsWith('ERROR')) ?? lines.at(-1)),
      )
    })
  })
}
