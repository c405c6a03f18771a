/** Bytes from which types are guessed: far more than the rows that the service looks at for it. */
export const sampleBytes = 1_048_576

const [lineEnd, quote] = [0x0a, 0x22]

/** The first rows of a file with lines, as a file of its own: cut where a line ends that no quotes go over. The file itself if it is small or
 * has no such place. */
export async function takeSample(file: Blob): Promise<Blob> {
  if (file.size <= sampleBytes) return file
  const bytes = new Uint8Array(await file.slice(0, sampleBytes).arrayBuffer())
  let end = 0
  let open = false
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === quote) open = !open
    else if (bytes[at] === lineEnd && !open) end = at + 1
  }
  return end === 0 ? file : file.slice(0, end)
}
