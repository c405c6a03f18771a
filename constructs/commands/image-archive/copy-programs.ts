import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Folders that Linux distributions of today have joined. */
const joined = ['bin', 'lib', 'lib64', 'sbin']

/** Makes the folders that every image has, as links into /usr. */
export function makeRoot(folder: string): void {
  for (const name of joined) {
    mkdirSync(join(folder, 'usr', name), { recursive: true })
    symlinkSync(`usr/${name}`, join(folder, name))
  }
}

/** Puts a program of this machine into an image's folder, with the libraries that it loads. @param place its absolute path there */
export function copyProgram(folder: string, program: string, place: string): void {
  copyTo(folder, program, place)
  copyLibraries(folder, [program])
}

/** Libraries of this machine that these programs load, to where they lie here. */
export function copyLibraries(folder: string, files: readonly string[]): void {
  for (const library of new Set(files.flatMap(librariesOf))) if (!existsSync(join(folder, library))) copyTo(folder, library, library)
}

/** Libraries and addons below a folder. */
export function binariesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter(name => /\.(node|so)(\.\d+)*$/.test(name)).map(name => join(folder, name))
}

/** What lies beside the file itself is none of the machine's; what is built for another machine has none. */
function librariesOf(file: string): string[] {
  const { stdout } = spawnSync('ldd', [file], { encoding: 'utf8' })
  return [...stdout.matchAll(/^\t(?:\S+ => )?(\/\S+) \(0x/gm)]
    .map(([, library = '']) => library)
    .filter(library => joined.some(name => library.startsWith(`/${name}/`) || library.startsWith(`/usr/${name}/`)))
}

function copyTo(folder: string, file: string, place: string): void {
  const target = join(folder, place)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(realpathSync(file), target)
}
