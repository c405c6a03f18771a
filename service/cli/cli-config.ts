import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { SettingError } from '../startup-error.ts'

/** Where the lake is and who asks. */
export interface CliConfig {
  readonly url: string
  readonly key: string | undefined
  /** Whether somebody may want colours and a bar that moves. */
  readonly plain: boolean
}

/** What the command line said. */
export interface CliOptions {
  readonly url?: string | undefined
  readonly key?: string | undefined
  readonly keyFile?: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

const defaultUrl = 'http://127.0.0.1:8080'
/** Where `npm start` keeps the key of the lake of this folder. */
const keyOfNpmStart = '.lake/admin-key'

/** Reads the environment of the `lake` command; nothing else of it does. The command line goes before it.
 * @throws SettingError that says what to change, and never shows a key */
export function readCliConfig(options: CliOptions = {}, environment: Environment = process.env, folder = process.cwd()): CliConfig {
  const url = options.url ?? environment.LAKE_URL ?? defaultUrl
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new SettingError(`The address of the lake is "${url}": use one such as ${defaultUrl}, with --url or LAKE_URL.`)
  const { username, password } = new URL(url)
  if (username || password) throw new SettingError('The address of the lake holds a user or a password: the key goes into LAKE_KEY.')
  return { url, key: readKey(options, environment, folder), plain: Boolean(environment.NO_COLOR) || environment.TERM === 'dumb' }
}

function readKey(options: CliOptions, environment: Environment, folder: string): string | undefined {
  if (options.key !== undefined) return checked(options.key, '--key')
  if (options.keyFile !== undefined) return keyIn(resolve(folder, options.keyFile), '--key-file')
  if (environment.LAKE_KEY) return checked(environment.LAKE_KEY, 'LAKE_KEY')
  if (environment.LAKE_KEY_FILE) return keyIn(resolve(folder, environment.LAKE_KEY_FILE), 'LAKE_KEY_FILE')
  const own = resolve(folder, keyOfNpmStart)
  return existsSync(own) ? keyIn(own, 'the key of npm start') : undefined
}

function keyIn(file: string, said: string): string {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode
  if (mode === undefined) throw new SettingError(`There is no file ${file}, which ${said} names: a key lies in it, and nothing else.`)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new SettingError(`${file} can be read by others (mode ${(mode & 0o777).toString(8)}): chmod 600 ${file}`)
  return checked(readFileSync(file, 'utf8'), file)
}

/** What a header cannot hold would only be an obscure error later. */
function checked(text: string, said: string): string {
  const key = text.trim()
  if (!/^[\x21-\x7e]+$/.test(key)) throw new SettingError(`What ${said} has is no key: it is empty, or holds spaces or other characters.`)
  return key
}
