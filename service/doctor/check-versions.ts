import { type Finding, fault, messageOf, ok } from './finding.ts'

/** Of Node, as package.json has it. */
const oldest = [20, 19] as const

/** What runs here. DuckDB is a program for one kind of machine, so that it may be there and not load. */
export async function checkVersions(): Promise<readonly Finding[]> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
  const node = fits
    ? ok('versions', `Node ${process.versions.node}`, process.execPath)
    : fault('versions', `Node ${process.versions.node} is too old.`, process.execPath, `Install ${oldest.join('.')} or newer.`)
  try {
    const { version } = await import('@duckdb/node-api')
    return [node, ok('versions', `DuckDB ${version()} for ${process.platform}-${process.arch}`, 'node_modules/@duckdb')]
  } catch (error) {
    const todo = 'Install the packages on a machine of this kind: npm ci.'
    return [node, fault('versions', `DuckDB does not load: ${messageOf(error)}.`, 'node_modules/@duckdb', todo)]
  }
}
