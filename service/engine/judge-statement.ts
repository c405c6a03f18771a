import { implicitFunctions, isBuiltin } from './builtin-functions.ts'
import type { Inspection, TableReference } from './inspect-statement.ts'
import type { Definition, LakeDefinitions } from './lake-definitions.ts'
import { sameName } from './same-name.ts'

export interface TableName {
  readonly schema: string
  readonly name: string
}

/** What a statement comes to with the views and macros that the lake has at present. */
export interface Judgement {
  /** Why it may not run, as a sentence. */
  readonly refusal: string | undefined
  /** The tables and views that whoever runs it must be allowed to read: its own, and those that its macros read. */
  readonly tables: readonly TableName[]
  /** Why its tables cannot all be read as of an older snapshot, as a sentence. */
  readonly noPast: string | undefined
  /** Views are among its tables, or could be. */
  readonly readsViews: boolean
}

/** The inspection of a definition's text, or the sentence that refuses it. */
export type InspectDefinition = (definition: Definition) => Inspection | string

/** Decides about a statement with the lake's definitions. Whoever may make views and macros must not be able to fool those who read:
 * a view is only as good as what it stands for, and a macro may not hide a function of DuckDB's. */
export function judgeStatement(inspection: Inspection, lake: LakeDefinitions, inspectDefinition: InspectDefinition): Judgement {
  const tables = new Map<string, TableName>()
  let noPast =
    inspection.readsInformationSchema || inspection.listsTables ? 'The list of tables cannot be read as of an older snapshot.' : undefined
  let readsViews = false
  const refused = new Set<Definition>()
  const read = new Set<Definition>()
  const unclear = collectReads(inspection, undefined)
  const refusal = hidingOf(inspection) ?? refusalOf(inspection, undefined) ?? unclear
  return { refusal, tables: [...tables.values()].sort(byName), noPast, readsViews }

  /** About functions that a statement needs without naming them. */
  function hidingOf({ summarizes, listsTables }: Inspection): string | undefined {
    for (const [name, [macro]] of lake.macros) {
      if (macro && (implicitFunctions.has(name) || (summarizes && isBuiltin(name)))) return hides(macro)
    }
    const view = listsTables ? [...lake.views.values()].flat().find(({ name }) => sameName(name).startsWith('duckdb_')) : undefined
    return view && `The lake’s ${shown(view)} hides DuckDB’s own, which SHOW TABLES needs: drop or rename it.`
  }

  /** About what the statement uses, or what a view or macro in it (`inside`) does. */
  function refusalOf(used: Inspection, inside: Definition | undefined): string | undefined {
    for (const name of used.builtins) {
      const [macro] = lake.macros.get(name) ?? []
      if (macro) return hides(macro)
    }
    for (const name of used.tableMacros) {
      if (!lake.macros.has(name)) {
        return `The table function ${name} is not allowed: a statement may read tables, and use range, generate_series, unnest, repeat, json_each and the like.`
      }
    }
    const views = used.tables.flatMap(table => viewsMeant(table, inside))
    for (const definition of [...views, ...macrosOf(used)]) {
      if (refused.has(definition)) continue
      refused.add(definition)
      const body = inspectDefinition(definition)
      const reason = typeof body === 'string' ? body : refusalOf(body, definition)
      if (reason !== undefined) return `The lake’s ${shown(definition)} may not be used. ${reason}`
    }
    return undefined
  }

  /** Collects what is read under the caller's own grants. What a view reads is not: that is what a view is for. */
  function collectReads(used: Inspection, macro: Definition | undefined): string | undefined {
    let unclear: string | undefined
    for (const table of used.tables) {
      const { name } = table
      const schema = table.schema || 'main'
      const key = sameName(`${schema}\0${name}`)
      if (!tables.has(key)) tables.set(key, { schema, name })
      if (lake.pastViews.has(key) || viewsMeant(table, macro).length > 0) {
        readsViews = true
        if (table.at) unclear = `${name} is or was a view, which takes no AT clause: name the tables that it reads.`
        noPast ??= `${name} is or was a view, which cannot be read as of an older snapshot: name the tables that it reads.`
      }
      if (!macro) continue
      noPast ??= `The macro ${macro.name} reads ${name}, which it cannot do as of an older snapshot: name the table itself.`
      if (table.schema === '' && macro.schema !== 'main')
        unclear = `The lake’s ${shown(macro)} reads ${name} without saying of which schema.`
    }
    for (const inner of macrosOf(used)) {
      if (read.has(inner)) continue
      read.add(inner)
      const body = inspectDefinition(inner)
      if (typeof body !== 'string') unclear = collectReads(body, inner) ?? unclear
    }
    return unclear
  }

  function macrosOf(used: Inspection): Definition[] {
    return [...used.macros, ...used.tableMacros].flatMap(name => lake.macros.get(name) ?? [])
  }

  /** Inside of a view or macro, a name without a schema could be the view of any: DuckDB looks in the definition's own schema first. */
  function viewsMeant(table: TableReference, inside: Definition | undefined): readonly Definition[] {
    const views = lake.views.get(sameName(table.name)) ?? []
    if (table.schema === '' && inside) return views
    return views.filter(view => sameName(view.schema) === sameName(table.schema || 'main'))
  }
}

function hides(macro: Definition): string {
  return `The lake’s ${shown(macro)} hides DuckDB’s own function, which this statement needs: drop or rename it.`
}

function shown({ kind, schema, name }: Definition): string {
  return `${kind === 'view' ? 'view' : 'macro'} ${schema}.${name}`
}

function byName(a: TableName, b: TableName): number {
  const [left, right] = [`${a.schema}\0${a.name}`, `${b.schema}\0${b.name}`]
  return left < right ? -1 : Number(left > right)
}
