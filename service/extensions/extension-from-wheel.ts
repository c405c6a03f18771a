import { writeFileSync } from 'node:fs'
import { fileFromWheel } from './file-from-wheel.ts'

/** DuckDB's platform names and those of Python's wheels. */
const wheelPlatforms: Readonly<Record<string, string>> = {
  linux_amd64: 'manylinux2014_x86_64',
  linux_arm64: 'manylinux2014_aarch64',
  osx_arm64: 'macosx_11_0_arm64',
}

/** Writes the extension that DuckDB's makers publish as a Python wheel of the same version.
 * @param version with its `v`. @throws Error if there is none for the platform, or as fileFromWheel does. */
export async function extensionFromWheel(name: string, version: string, platform: string, file: string): Promise<void> {
  const wheelPlatform = wheelPlatforms[platform]
  if (!wheelPlatform) throw new Error(`there is no wheel for ${platform}`)
  const bytes = await fileFromWheel({
    wheel: `duckdb-extension-${name.replaceAll('_', '-')}==${version.slice(1)}`,
    path: `/${version}/${name}.duckdb_extension`,
    options: ['--platform', wheelPlatform],
  })
  writeFileSync(file, bytes)
}
