/** Characters that do something to a terminal, or to the order in which it shows others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** A value as people read it, on one line and without power over the terminal. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  return visible(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

export function visible(text: string): string {
  return text.replace(invisible, character => escapes[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
