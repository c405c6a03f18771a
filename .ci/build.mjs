// Writes the service as JavaScript into .build: with a compiler in each of its processes it would take 40 MB and a third of a second more
// for every one of them. File by file, so that a stack trace names the source's files; only typebox is put in, because reading its 700
// files takes longer than all else of the gateway's start.
import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [source, target, fresh] = ['service', '.build', `.build.${process.pid}`].map(name => join(root, name))

await build({
  absWorkingDir: root,
  entryPoints: readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
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
cpSync(join(source, 'store', 'migrations'), join(fresh, 'store', 'migrations'), { recursive: true })
rmSync(target, { recursive: true, force: true })
renameSync(fresh, target)
