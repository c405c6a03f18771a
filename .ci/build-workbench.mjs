// Writes the page into a folder: JavaScript and CSS under names that change with what is in them, so that browsers may keep them for ever,
// each file also packed, because it is packed once and sent often.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Below this a packed file is hardly smaller. */
const packFromBytes = 1_024

export async function buildWorkbench(source, target) {
  const { metafile } = await build({
    absWorkingDir: source,
    entryPoints: ['main.tsx'],
    outdir: join(target, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2023', 'chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'linked',
    logLevel: 'warning',
    metafile: true,
  })
  const outputs = Object.entries(metafile.outputs)
  const [script, { cssBundle, imports }] = outputs.find(([, { entryPoint }]) => entryPoint === 'main.tsx')
  const early = imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path)
  const page = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('{script}', `assets/${basename(script)}`)
    .replace('{style}', `assets/${basename(cssBundle)}`)
    .replace('{preload}', early.map(path => `<link rel="modulepreload" href="assets/${basename(path)}">`).join('\n    '))
  writeFileSync(join(target, 'index.html'), page)
  for (const folder of [target, join(target, 'assets')]) for (const file of readdirSync(folder)) pack(join(folder, file))
}

function pack(file) {
  if (!/\.(html|js|css)$/.test(file)) return
  const bytes = readFileSync(file)
  if (bytes.length < packFromBytes) return
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }))
  // The best of its levels takes ten times as long and saves a twentieth: too long for every start.
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}
