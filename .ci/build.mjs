// Writes the service as JavaScript into .build: with a compiler in each of its processes it would take 40 MB and a third of a second more
// for every one of them. File by file, so that a stack trace names the source's files; only typebox is put in, because reading its 700
// files takes longer than all else of the gateway's start. `packages.json` beside it lists what it imports from node_modules, and the page,
// which is for browsers, lies in `workbench`.
import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildWorkbench } from './build-workbench.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [source, target, fresh] = ['service', '.build', `.build.${process.pid}`].map(name => join(root, name))

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.startsWith(`workbench${sep}`))
    .map(file => join(source, file)),
  outbase: source,
  outdir: fresh,
  bundle: true,
  splitting: true,
  chunkNames: 'packages/[name]-[hash]',
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  metafile: true,
  plugins: [
    {
      name: 'import the JavaScript beside it',
      setup({ onResolve }) {
        onResolve({ filter: /^\..*\.ts$/ }, ({ path, kind }) =>
          kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
        )
        onResolve({ filter: /^typebox(\/|$)/ }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }))
      },
    },
  ],
})
await buildWorkbench(join(source, 'workbench'), join(fresh, 'workbench'))
cpSync(join(source, 'store', 'migrations'), join(fresh, 'store', 'migrations'), { recursive: true })
const imports = Object.values(metafile.outputs).flatMap(output => output.imports.filter(({ external }) => external))
const packages = imports.filter(({ path }) => !path.startsWith('.') && !isBuiltin(path)).map(({ path }) => nameOf(path))
writeFileSync(join(fresh, 'packages.json'), JSON.stringify([...new Set(packages)].sort()))
rmSync(target, { recursive: true, force: true })
renameSync(fresh, target)

/** `@scope/name/file` and `name/file` without the file. */
function nameOf(path) {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')
}
