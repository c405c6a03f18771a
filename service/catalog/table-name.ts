import { quoteName } from './quote.ts'

/** A table of the lake, by its two names. */
export interface TableName {
  readonly schema: string
  readonly name: string
}

/** As SQL names it, whatever is in the names. */
export function tableSql({ schema, name }: TableName): string {
  return `lake.${quoteName(schema)}.${quoteName(name)}`
}
