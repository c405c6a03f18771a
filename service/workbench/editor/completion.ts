import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete'
import { keywordCompletionSource, type SQLNamespace, schemaCompletionSource } from '@codemirror/lang-sql'
import { addressOf, catalogue, columnsByTable } from '../catalogue/catalogue.ts'
import { quoteName } from '../sql/quote-name.ts'
import { statementAt } from '../sql/statements.ts'
import { tokensOf } from '../sql/tokens.ts'
import { duckdbDialect, functionNames } from './duckdb-dialect.ts'

const keywords = keywordCompletionSource(duckdbDialect, true)
const functions: readonly Completion[] = functionNames.map(name => ({ label: name, type: 'function', apply: `${name}(` }))

/** Completes from what is in the lake: schemas, tables, columns (those of the tables that the statement names come first), functions, keywords. */
export const completionSources: readonly CompletionSource[] = [columnsOfStatement, fromSchema, fromFunctions, fromKeywords]

function fromSchema(context: CompletionContext): ReturnType<CompletionSource> {
  return schemaCompletionSource({ dialect: duckdbDialect, schema: namespaceOf(), defaultSchema: 'main' })(context)
}

function fromKeywords(context: CompletionContext): ReturnType<CompletionSource> {
  return context.matchBefore(/\$\w*/) ? null : keywords(context)
}

function fromFunctions(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\w]+/)
  if (!word && !context.explicit) return null
  if (/[.$]/.test(context.state.sliceDoc((word?.from ?? context.pos) - 1, word?.from ?? context.pos))) return null
  return { from: word?.from ?? context.pos, options: functions, validFor: /^\w*$/ }
}

function columnsOfStatement(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u)
  if (!word && !context.explicit) return null
  const from = word?.from ?? context.pos
  if (/[.$]/.test(context.state.sliceDoc(from - 1, from))) return null
  const statement = statementAt(context.state.doc.toString(), context.pos)
  if (!statement) return null
  const words = new Set(
    tokensOf(statement.sql)
      .filter(({ kind }) => kind === 'word' || kind === 'name')
      .map(({ from, to }) => statement.sql.slice(from, to).replace(/^"|"$/g, '').replaceAll('""', '"').toLowerCase()),
  )
  const named = (catalogue.peek()?.tables ?? []).filter(({ name }) => words.has(name.toLowerCase()))
  const options = named.flatMap(({ schema, name }) =>
    (columnsByTable.peek().get(addressOf(schema, name)) ?? []).map(column => ({
      ...optionOf(column.name, column.type),
      boost: 2,
      info: name,
    })),
  )
  return options.length === 0 ? null : { from, options, validFor: /^[\p{L}\p{N}_]*$/u }
}

function optionOf(name: string, type: string): Completion {
  return { label: name, apply: quoteName(name), type: 'property', detail: type.length > 24 ? `${type.slice(0, 23)}…` : type }
}

function namespaceOf(): SQLNamespace {
  const schemas: Record<string, Record<string, SQLNamespace>> = {}
  for (const { schema, name, kind } of catalogue.peek()?.tables ?? []) {
    const columns = columnsByTable.peek().get(addressOf(schema, name)) ?? []
    schemas[schema] ??= {}
    schemas[schema][name] = {
      self: { label: name, apply: quoteName(name), type: 'class', detail: kind },
      children: columns.map(column => optionOf(column.name, column.type)),
    }
  }
  return schemas
}
