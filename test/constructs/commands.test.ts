import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'

const root = process.cwd()
const copy = mkdtempSync(join(tmpdir(), 'platform-'))
const environments = join(copy, 'constructs', 'environments.ts')

/** A copy of the synthesizer that a test may break. */
beforeEach(() => {
  rmSync(copy, { recursive: true, force: true })
  for (const path of [
    'main.ts',
    'package.json',
    'cdk8s.yaml',
    'constructs',
    'service',
    'imports',
    'dist',
    'helm-values',
    'docs/environments.md',
  ])
    cpSync(join(root, path), join(copy, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

function command(words: string, environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx/esm', 'main.ts', ...words.split(' ')], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  return { status, out: stdout, error: stderr }
}

function change(from: string, to: string): void {
  const text = readFileSync(environments, 'utf8')
  expect(text).toContain(from)
  writeFileSync(environments, text.replace(from, to))
}

/** The text of every generated file, in one. */
function output(): string {
  return execFileSync('sh', ['-c', 'find dist helm-values -type f | sort | xargs tail -n +1'], { cwd: copy, encoding: 'utf8' })
}

describe('synth', () => {
  it('changes nothing the second time and says so for each file', () => {
    const before = output()
    const { status, out } = command('synth')
    expect(status).toBe(0)
    expect(output()).toBe(before)
    expect(out).toMatch(/^dist\/dev\/storage\.k8s\.yaml +4 objects {2}unchanged$/m)
    expect(out).toMatch(/^helm-values\/dev\/minio-values\.yaml +values {2}unchanged$/m)
  })

  it('changes only the lines that carry the bucket when the bucket changes, and makes new pods of those who know it', () => {
    const before = output().split('\n')
    change("lake: 'ducklake'", "lake: 'harbour'")
    expect(command('synth').status).toBe(0)
    const after = output().split('\n')
    const changed = after.filter((line, index) => line !== before[index])
    expect(after).toHaveLength(before.length)
    expect(changed).not.toHaveLength(0)
    for (const line of changed) expect(line).toMatch(/harbour|checksum\/config: /)
  })

  it('removes a file of its own that is no longer made, and refuses to touch another', () => {
    const stale = join(copy, 'dist', 'dev', 'old.k8s.yaml')
    cpSync(join(copy, 'dist', 'dev', 'storage.k8s.yaml'), stale)
    expect(command('synth').out).toMatch(/^dist\/dev\/old\.k8s\.yaml +0 objects {2}removed$/m)
    writeFileSync(stale, 'by: hand\n')
    expect(command('synth')).toMatchObject({
      status: 1,
      error: 'dist/dev/old.k8s.yaml: synthesis did not write this file. Move it elsewhere.\n',
    })
    expect(readFileSync(stale, 'utf8')).toBe('by: hand\n')
  })

  it('--check writes nothing, shows the difference and exits with 1', () => {
    expect(command('synth --check')).toMatchObject({ status: 0, error: '' })
    change('driveSize: Size.gibibytes(20)', 'driveSize: Size.gibibytes(21)')
    const before = output()
    const { status, error } = command('synth --check')
    expect(status).toBe(1)
    expect(error).toContain('helm-values/dev/minio-values.yaml\n  ~ values\n      persistence.size: "20Gi" → "21Gi"\n')
    expect(output()).toBe(before)
  })

  it('gives the same bytes through the cdk8s command', () => {
    const before = output()
    execFileSync(process.execPath, [join(root, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s'), 'synth'], {
      cwd: copy,
      env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
    })
    expect(output()).toBe(before)
  })
})

describe('diff', () => {
  it('shows what a reviewer would see, object by object', () => {
    expect(command('diff').out).toBe('A fresh synth changes nothing.\n')
    change("secrets: 'kubectl'", "secrets: 'external-secrets'")
    expect(command('diff').out).toContain(
      'dist/dev/storage.k8s.yaml\n  + Password storage/minio-root\n  + ExternalSecret storage/minio-root\n',
    )
  })
})

describe('a wrong value stops every command with one sentence and leaves the committed files alone', () => {
  it.each([
    [
      'driveSize: Size.gibibytes(20)',
      'driveSize: Size.gibibytes(-20)',
      /^dev \(constructs\/environments\.ts:\d+\): Storage amounts cannot be negative\. Received: -20\. Change the value there\.\n$/,
    ],
    [
      "lake: 'ducklake'",
      "lake: 'Duck_Lake'",
      /^dev\/storage\/minio: the bucket name "Duck_Lake" \(lake\) is none that S3 takes: use 3 to 63 [^\n]*\n$/,
    ],
    [
      'servers: 4, drivesPerServer: 1',
      'servers: 3, drivesPerServer: 1',
      /^production\/storage\/minio: 3 servers with 1 drive\(s\) each are 3 drives, [^\n]*\n$/,
    ],
  ])('%s → %s', (from, to, sentence) => {
    change(from, to)
    const before = output()
    const { status, error } = command('synth')
    expect(error).toMatch(sentence)
    expect(status).toBe(1)
    expect(output()).toBe(before)
  })

  it('and so does an image without a tag', () => {
    const versions = join(copy, 'constructs', 'versions.ts')
    writeFileSync(versions, readFileSync(versions, 'utf8').replace("'18.4-standard-trixie'", "''"))
    const before = output()
    const { status, error } = command('synth')
    expect(error).toMatch(
      /^production\/storage\/postgres\/cluster: image "ghcr.io\/cloudnative-pg\/postgresql:" of Cluster postgres has no tag\. .* \[exact-images\]\n$/,
    )
    expect({ status, same: output() === before }).toEqual({ status: 1, same: true })
  })
})

describe('the command line', () => {
  it.each([
    ['sinth', 'There is no command "sinth".'],
    ['synth --chek', "Unknown option '--chek'."],
    ['secrets', 'Say which environment: --env dev or --env production.'],
    ['deploy --env prod', 'There is no environment "prod": use dev or production.'],
  ])('%s is refused with what there is', (words, sentence) => {
    const { status, error } = command(words)
    expect(status).toBe(2)
    expect(error).toContain(sentence)
  })

  it('a dry run prints every step as a person could type it, and needs no cluster', () => {
    const { status, out } = command('deploy --env dev --dry-run', { PATH: '/nonexistent' })
    expect(status).toBe(0)
    const steps = out.trim().split('\n')
    expect(steps[0]).toBe('$ kubectl apply --server-side --filename dist/dev/00-namespaces.k8s.yaml')
    expect(steps[1]).toBe(
      '$ kubectl --namespace storage create secret generic minio-root --from-literal=rootUser=… --from-literal=rootPassword=…',
    )
    expect(steps.at(-2)).toBe(
      '$ helm upgrade --install postgres oci://registry-1.docker.io/bitnamicharts/postgresql --version 17.1.0 --namespace storage --values helm-values/dev/postgres-values.yaml --wait --timeout 10m',
    )
    expect(steps.at(-1)).toBe('$ kubectl apply --server-side --filename dist/dev/')
  })

  it('says what to install when kubectl is missing', () => {
    const { status, error } = command('secrets --env dev', { PATH: '/nonexistent' })
    expect({ status, error }).toEqual({
      status: 1,
      error: 'kubectl is not on the PATH: install it, point its context at the cluster, then run the command again.\n',
    })
  })
})

describe('secrets', () => {
  type Data = Readonly<Record<string, string>>

  /** Stands for a cluster: it has the Secrets that are given, keeps those that it is told, and everything that it was told. */
  function kubectl(existing: Readonly<Record<string, Data>> = {}): Record<string, string> {
    writeFileSync(join(copy, 'secrets.json'), JSON.stringify(existing))
    const bin = join(copy, 'kubectl')
    writeFileSync(
      bin,
      `#!/usr/bin/env node
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
const words = process.argv.slice(2)
const file = '${copy}/secrets.json'
const secrets = JSON.parse(readFileSync(file, 'utf8'))
if (words.includes('get')) {
  const data = secrets[words[1] + '/' + words[4]]
  if (!data) { console.error('Error (NotFound)'); process.exit(1) }
  console.log(JSON.stringify({ data }))
} else if (words[0] === 'create' || words[0] === 'replace') {
  const text = readFileSync(0, 'utf8')
  const { metadata, data, stringData = {} } = JSON.parse(text)
  appendFileSync('${copy}/' + words[0] + 'd', text)
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  secrets[metadata.namespace + '/' + metadata.name] = data ?? Object.fromEntries(encoded)
  writeFileSync(file, JSON.stringify(secrets))
}
`,
    )
    chmodSync(bin, 0o755)
    return { PATH: `${copy}${delimiter}${process.env.PATH}` }
  }

  it('are random, complete and never printed', () => {
    const { status, out } = command('secrets --env dev', kubectl())
    expect(status).toBe(0)
    const created = readFileSync(join(copy, 'created'), 'utf8')
    const values = [
      ...created.matchAll(
        /"(?:rootUser|rootPassword|accessKey|secretKey|password|postgres-password|reader|writer|maintenance|service)":"(\w{32})"/g,
      ),
    ]
      .map(([, value]) => value ?? '')
      .concat(/"key":"(dl_[\da-f]{12}_[\da-f]{48})"/.exec(created)?.[1] ?? '')
    expect(values).toHaveLength(23)
    expect(new Set(values).size).toBe(23)
    expect(values).not.toContain('')
    for (const value of values) expect(out).not.toContain(value)
  })

  it('are copied to where they are read, and follow what they are copied from', () => {
    change("store: { kind: 'volume', volume: { size: Size.gibibytes(10) } },", "store: { kind: 'object-store' },")
    const data = { accessKey: 'YQ==', secretKey: 'eA==' }
    const source = { 'storage/minio-logs': { ...data, other: 'eQ==' } }
    const copied = '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"minio-logs","namespace":"logging"},'

    const shown =
      'kubectl --namespace logging create secret generic minio-logs --from-literal=accessKey=… --from-literal=secretKey=… # as in storage'
    expect(command('secrets --env dev', kubectl(source)).out).toContain(`$ ${shown}\n`)
    expect(readFileSync(join(copy, 'created'), 'utf8')).toContain(`${copied}"data":{"accessKey":"YQ==","secretKey":"eA=="}}`)

    expect(command('secrets --env dev', kubectl({ ...source, 'logging/minio-logs': data })).out).toContain(
      'Secret logging/minio-logs is as in storage, left as it is.\n',
    )
    const old = { ...data, accessKey: 'Yg==' }
    expect(command('secrets --env dev', kubectl({ ...source, 'logging/minio-logs': old })).out).toContain(
      'Secret logging/minio-logs had other values: restart the pods that read it.\n',
    )
    expect(readFileSync(join(copy, 'replaced'), 'utf8')).toBe(`${copied}"data":{"accessKey":"YQ==","secretKey":"eA=="}}`)
  })

  it('that shall be copied and are not there stop with what is missing', () => {
    change("provider: 'bitnami',", "provider: 'cloudnative-pg',\n      instances: 3,")
    expect(command('secrets --env dev', kubectl()).error).toBe(
      'Secret storage/postgres-superuser, of which ducklake needs a copy, has no password: make it first.\n',
    )
  })

  it('that exist are left alone, and a missing key is an error and not a guess', () => {
    const { status, error } = command('secrets --env dev', kubectl({ 'storage/minio-root': { rootUser: 'eA==' } }))
    expect({ status, error }).toEqual({
      status: 1,
      error: 'Secret storage/minio-root exists without rootPassword: add the key, or delete the Secret if no server uses it yet.\n',
    })
  })
})
