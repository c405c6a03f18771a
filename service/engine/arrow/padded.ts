/** Arrow lets every buffer begin at a multiple of 8. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
