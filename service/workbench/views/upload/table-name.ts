/** Letters of a name; as many as a statement may give to a table. */
const maxLetters = 128

/** A name for the table of a file: what stands before the ending, in letters that need no quotes. */
export function tableNameOf(fileName: string): string {
  const stem = fileName.replace(/(\.\w{1,8}){1,2}$/, '')
  const plain = stem
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
  if (plain === '') return 'data'
  return /^\d/.test(plain) ? `t_${plain}` : plain
}

/** Why a new table cannot have a name, in a sentence; undefined if it can. */
export function whatIsWrongWith(name: string): string | undefined {
  if (name === '') return 'It needs a name.'
  if (name.length > maxLetters) return `It has ${name.length} letters, ${maxLetters} are allowed.`
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) return 'It has a letter that cannot be seen.'
  if (/^\.+$/.test(name)) return 'Dots alone are no name.'
  if (/[/\\:*?]|\.\w+$/.test(name)) return 'It looks like the name of a file, which no statement may read.'
  return undefined
}
