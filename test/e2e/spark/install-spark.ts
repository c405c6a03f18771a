import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { engines } from '../../../constructs/versions.ts'

const { version } = engines.spark

export interface SparkPrograms {
  /** Where PySpark lies, with Spark in it. */
  readonly python: string
  /** Delta, and what reads from S3. */
  readonly jars: string
}

/** What Spark brings itself, in other versions than those that are asked for beside it. */
const ofSpark = {
  excludeGroupIds: [
    ...['io.netty', 'org.slf4j', 'com.fasterxml.jackson.core', 'com.fasterxml.jackson.datatype', 'com.fasterxml.jackson.module'],
    ...['org.scala-lang', 'org.apache.spark', 'org.apache.parquet', 'org.apache.logging.log4j', 'org.roaringbitmap', 'io.airlift'],
    ...['commons-codec', 'commons-logging', 'commons-pool', 'com.google.code.findbugs', 'org.locationtech.jts', 'org.xerial.snappy'],
    ...['com.github.luben'],
  ],
  excludeArtifactIds: ['httpclient', 'httpcore', 'hadoop-client-api', 'hadoop-client-runtime'],
}

/** Fetches Spark from PyPI and its jars from Maven's registry, 0.5 GB, once for this user. @throws Error that says what is missing */
export function installSpark(): SparkPrograms {
  const folder = join(homedir(), '.cache', 'ducklake-platform', `spark-${version}`)
  const pom = join(import.meta.dirname, 'pom.xml')
  // Jars of another list are others.
  const list = createHash('sha256').update(readFileSync(pom)).update(JSON.stringify(ofSpark)).digest('hex').slice(0, 8)
  const [python, jars] = [join(folder, 'python'), join(folder, `jars-${list}`)]
  mkdirSync(folder, { recursive: true })
  once(python, made =>
    run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', made, `pyspark==${version}`]),
  )
  once(jars, made =>
    run('mvn', [
      ...['--quiet', '--batch-mode', '--file', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime'],
      `-DoutputDirectory=${made}`,
      ...Object.entries(ofSpark).map(([name, values]) => `-D${name}=${values.join(',')}`),
    ]),
  )
  if (spawnSync('java', ['-version']).status !== 0) throw new Error('Spark needs Java 17: there is no java here')
  return { python, jars }
}

/** Makes a folder whole or not at all. */
function once(folder: string, make: (unfinished: string) => void): void {
  if (existsSync(folder)) return
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  make(unfinished)
  renameSync(unfinished, folder)
}

function run(program: string, words: readonly string[]): void {
  const { status, error } = spawnSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`${program} ${words[0]} ended with ${status ?? error}`)
}
