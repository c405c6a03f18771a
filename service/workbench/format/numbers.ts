/** `1234567` as `1,234,567`, whatever its length: a number of the lake may be larger than JavaScript's. */
export function grouped(digits: string | number): string {
  return String(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 row`, `1,000 rows`. */
export function count(digits: string | number, noun: string): string {
  return `${grouped(digits)} ${noun}${String(digits) === '1' ? '' : 's'}`
}

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** Bytes in three digits, in thousands as disks have them. */
export function bytesText(bytes: string | number): string {
  let [value, unit] = [Number(bytes), 0]
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit++
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** Milliseconds as a person says them. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}
