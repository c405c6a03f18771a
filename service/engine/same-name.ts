/** A name as DuckDB compares names: the 26 ASCII letters have no case, all others do. JavaScript's own `toLowerCase` would take
 * the Kelvin sign for a k, and with it one table for another. */
export function sameName(name: string): string {
  return name.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}
