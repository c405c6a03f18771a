const plain = /^[a-z_][a-z0-9_]*$/

/** Words that DuckDB takes for its own where a name is meant. */
const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc ' +
    'describe distinct do else end except false fetch for foreign from grant group having in initially intersect into lambda lateral leading ' +
    'limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify references returning select show some ' +
    'summarize symmetric table then to trailing true union unique unpivot using variadic when where window with ' +
    'anti asof at authorization binary by collation columns concurrently cross freeze full generated glob ilike inner is isnull join left ' +
    'like map natural notnull outer overlaps positional right semi similar struct tablesample try_cast unpack verbose'
  ).split(' '),
)

/** A name as it can stand in SQL, in quotes where it needs them. */
export function quoteName(name: string): string {
  return plain.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** A table's name, without the schema that needs none. */
export function quoteTable(schema: string, name: string): string {
  return schema === 'main' ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
}
