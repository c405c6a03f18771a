import { open } from 'node:fs/promises'

const newline = 10
const chunkBytes = 1_048_576

/** The numbers of the lines, from 1, in which bytes of a file lie.
 * @param positions in ascending order, from 0 */
export async function linesAt(path: string, positions: readonly number[]): Promise<readonly number[]> {
  const lines: number[] = []
  const file = await open(path)
  try {
    let [line, passed] = [1, 0]
    for await (const chunk of file.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) {
      let from = 0
      for (let end = chunk.indexOf(newline); ; end = chunk.indexOf(newline, from)) {
        const next = passed + (end < 0 ? chunk.length : end + 1)
        for (let wanted = positions[lines.length]; wanted !== undefined && wanted < next; wanted = positions[lines.length]) lines.push(line)
        if (end < 0) break
        line += 1
        from = end + 1
      }
      passed += chunk.length
      if (lines.length === positions.length) break
    }
    return [...lines, ...positions.slice(lines.length).map(() => line)]
  } finally {
    await file.close()
  }
}
