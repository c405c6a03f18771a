import { build } from 'esbuild'
import { expect, it } from 'vitest'

/** The packages that a module loads with all that it imports, types left out. */
async function packagesOf(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    outdir: 'nowhere',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    metafile: true,
    write: false,
  })
  const loadedWith = (output: string): readonly string[] =>
    (metafile.outputs[output]?.imports ?? []).flatMap(({ path, kind, external }) =>
      kind === 'dynamic-import' ? [] : external ? [path] : loadedWith(path),
    )
  const outputs = Object.entries(metafile.outputs)
  return outputs.filter(([, { entryPoint }]) => entryPoint === entry).flatMap(([output]) => loadedWith(output))
}

it('loads neither DuckDB nor the client of the object store into the gateway', async () => {
  const packages = [...(await packagesOf('service/server.ts')), ...(await packagesOf('service/app.ts'))]
  expect(packages).toContain('fastify')
  expect(packages.filter(name => /^(@duckdb|@aws-sdk|apache-arrow|jose)\b/.test(name))).toEqual([])
})
