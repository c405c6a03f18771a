import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'

interface WheelFile {
  /** As pip calls it: `name==version`. */
  readonly wheel: string
  /** How the file's path inside of the wheel ends. */
  readonly path: string
  /** Further words for pip. */
  readonly options?: readonly string[]
}

/** Reads one file out of a Python wheel. Only pip is used, to fetch it.
 * @throws Error if pip or the wheel says no, or if the bytes are not those of the wheel's own list. */
export async function fileFromWheel({ wheel, path, options = [] }: WheelFile): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'wheel-'))
  try {
    const words = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--dest', folder]
    await pip([...words, ...options, wheel])
    const [archive] = readdirSync(folder)
    if (!archive) throw new Error(`pip fetched nothing for ${wheel}`)
    const entries = unzipSync(readFileSync(join(folder, archive)))
    const inside = Object.keys(entries).find(entry => entry.endsWith(path))
    const bytes = inside ? entries[inside] : undefined
    const list = Object.entries(entries).find(([entry]) => entry.endsWith('.dist-info/RECORD'))?.[1]
    if (!inside || !bytes || !list) throw new Error(`the wheel ${archive} holds no ${path}`)
    const checksum = createHash('sha256').update(bytes).digest('base64url')
    if (!new TextDecoder().decode(list).includes(`${inside},sha256=${checksum},`))
      throw new Error(`the checksum of ${inside} is not the one its wheel lists`)
    return bytes
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
