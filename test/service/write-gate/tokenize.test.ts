import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { serialize } from '../../../service/engine/statement-tree.ts'
import { tokenize } from '../../../service/engine/write-gate/tokenize.ts'
import { fuzzSeed } from '../../fuzz-seed.ts'

let duckdb: DuckDBConnection
beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:')).connect()
})

const kinds = (sql: string) =>
  tokenize(sql)
    .filter(({ kind }) => kind !== 'space')
    .map(({ kind, value }) => `${kind} ${value}`)

/** Pieces that texts are made of, and that could be taken for something else beside each other. */
const piece = fc.constantFrom(
  ...['a', 'b1', 'SELECT', 'e', 'E', 'x', 'u', 'é', '"a"', '"a""b"', '"', "'", "''", "'a'", "'a''b'", "'--'", "'/*'", "E'a'", "E'\\''"],
  ...["E'\\\\'", "e'\\n'", '$$', '$a$', '$$x$$', "$a$ ' $a$", '$1', '$a', '?', '1', '1.5', '.5', '1.', '1e5', '1_000', '-', '--', '-- a\n'],
  ...[
    '/*',
    '*/',
    '/* a */',
    '/* /* b */ */',
    "/* ' */",
    '*',
    '/',
    '+',
    '<',
    '>',
    '=',
    '!',
    '~',
    '|',
    '&',
    '@',
    '#',
    '%',
    '^',
    ':',
    '::',
    '.',
    ',',
  ],
  ...['(', ')', '[', ']', '{', '}', ';', ' ', '\n', '\r', '\t', '\f', '\\', '`'],
)
const wide = ['\u00a0', '\u2000', '\u2003', '\u200a', '\u202f', '\u205f', '\u3000', '\ufeff']
const soup = fc.array(piece, { maxLength: 14 }).map(pieces => pieces.join(''))
const wideSoup = fc.array(fc.oneof(piece, fc.constantFrom(...wide, '\u200b', '\u2028')), { maxLength: 14 }).map(pieces => pieces.join(''))

/** What can be read, or nothing. */
function read(sql: string): ReturnType<typeof tokenize> | undefined {
  try {
    return tokenize(sql)
  } catch {
    return undefined
  }
}

describe('tokens', () => {
  it('are the whole text, one behind the other', () => {
    let whole = 0
    fc.assert(
      fc.property(fc.oneof(wideSoup, fc.string({ unit: 'grapheme' })), sql => {
        const tokens = read(sql)
        if (!tokens) return
        whole += 1
        expect(tokens.map(({ start, end }) => sql.slice(start, end)).join('')).toBe(sql)
        expect(tokens.every(({ start }, index) => start === (tokens[index - 1]?.end ?? 0))).toBe(true)
      }),
      { seed: fuzzSeed, numRuns: 5_000 },
    )
    expect(whole).toBeGreaterThan(1_000)
  })

  it('in their plain spelling are the same tree to DuckDB, and what they take for one text it takes for one too', async () => {
    let compared = 0
    const item = fc.oneof(soup, soup, fc.constantFrom('1', "'a' --x\n'b'", 'a.b', 'CASE WHEN a THEN 1 END', "date'2020-01-01'", 'a$b'))
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 3 }), async items => {
        const sql = `SELECT ${items.join(', ')}`
        const tokens = read(sql)
        const tree = await serialize(duckdb, sql)
        if (!tokens || tree.includes('"error":true')) return
        compared += 1
        const plain = await serialize(duckdb, tokens.map(token => token.plain).join(''))
        expect(withoutPlaces(plain), sql).toBe(withoutPlaces(tree))
      }),
      { seed: fuzzSeed, numRuns: 6_000 },
    )
    expect(compared).toBeGreaterThan(300)
  })

  it.each(wide)('take %j for a space, as DuckDB does', async space => {
    const [tree, plain] = [`SELECT${space}1${space}AS a FROM b`, 'SELECT 1 AS a FROM b'].map(sql => serialize(duckdb, sql))
    expect(withoutPlaces(String(await tree))).toBe(withoutPlaces(String(await plain)))
    expect(kinds(`SELECT${space}1`)).toEqual(['word SELECT', 'number 1'])
  })

  it.each([
    ["E'it\\'s' 'it''s' $t$it's$t$", ["text it's", "text it's", "text it's"]],
    ['a"b""c"1.5e-3 $1 $name ?', ['word a', 'name b"c', 'number 1.5e-3', 'parameter $1', 'parameter $name', 'symbol ?']],
    ['a--b\r+/* /* */ */c', ['word a', 'comment ', 'symbol +', 'comment ', 'word c']],
    ['a*/*b*/c', ['word a', 'symbol *', 'comment ', 'word c']],
    ['a$b$c', ['word a$b$c']],
  ])('of %s', (sql, expected) => {
    expect(kinds(sql)).toEqual(expected)
  })

  it.each([
    ["'a", 'A text does not end: a quote is missing.', 0],
    ["b E'a\\'", 'A text does not end: a quote is missing.', 2],
    ['"a', 'A name in quotes does not end: a quote is missing.', 0],
    ['""', 'A name in quotes is empty.', 0],
    ['a /* b', 'A comment does not end.', 2],
    ['$a$ b', 'The text that begins with $a$ does not end.', 0],
    ['1a', 'Put a space behind 1: what follows it is not a part of it.', 1],
    ['0x1F', 'Put a space behind 0: what follows it is not a part of it.', 1],
    ["E'\\q'", 'The escape \\q is not supported: write the character itself, or chr(…).', 2],
    ['a\u200bb', 'The character U+200B, which cannot be seen, stands outside of quotes: use an ordinary space, or quote the name.', 1],
    ['2 + 6 //-- a\n4', 'Put a space between the operator and the comment behind it.', 8],
    ['a \u000b', 'The character U+000B, which cannot be seen, stands outside of quotes: use an ordinary space, or quote the name.', 2],
  ])('of %s are refused', (sql, detail, position) => {
    expect(() => tokenize(sql)).toThrow(expect.objectContaining({ code: 'sqlSyntax', detail, place: { position } }))
  })

  it('of a text made to be read again and again are refused all the same', () => {
    // Work that grows with the square of the length would not end within the test's time.
    for (const sql of [`'${"''".repeat(400_000)}`, `"${'""'.repeat(400_000)}`, `E'${"\\'".repeat(400_000)}`, '/*'.repeat(400_000)])
      expect(() => tokenize(sql)).toThrow()
  })
})

function withoutPlaces(tree: string): string {
  return tree.replaceAll(/"query_location":\d+/g, '')
}
