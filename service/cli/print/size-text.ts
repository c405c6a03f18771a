const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes for people: `1.5 MiB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  const value = bytes / 1_024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
