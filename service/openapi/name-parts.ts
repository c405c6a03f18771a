import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { problems, results } from '../routes/schemas.ts'

type Described = Extract<Parameters<NonNullable<FastifyDynamicSwaggerOptions['transformObject']>>[0], { readonly openapiObject: unknown }>
type Document = Described['openapiObject']

/** Answers that many routes have, known by their description. */
const sharedResponses = {
  CallerProblem: problems['4xx'],
  ServiceProblem: problems['5xx'],
  Rows: results,
} as const

/** What has a title, or is an answer of many routes, stands once among the components, and everywhere else by its name: the document is a
 * third as long, a change of it shows once, and whoever makes types out of it gets types with names.
 * @throws Error if two schemas have one title */
export function nameParts(openapiObject: Document): Document {
  const document = structuredClone(openapiObject)
  const schemas: Record<string, object> = {}
  const responses: Record<string, object> = {}
  const [nameSchema, nameResponse] = [shelf('schemas', schemas), shelf('responses', responses)]

  const visit = (part: unknown): void => {
    if (!isRecord(part)) return
    for (const [name, child] of Object.entries(part)) {
      visit(child)
      if (!isRecord(child)) continue
      if (typeof child.title === 'string' && 'type' in child) part[name] = nameSchema(child.title, child)
      const shared = Object.entries(sharedResponses).find(([, { description }]) => description === child.description && 'content' in child)
      if (shared) part[name] = nameResponse(shared[0], child)
    }
  }
  visit(document.paths)
  return Object.assign(document, { components: { ...document.components, schemas: sorted(schemas), responses: sorted(responses) } })
}

/** Keeps parts of one kind under their names. */
function shelf(kind: string, kept: Record<string, object>) {
  const texts = new Map<string, string>()
  return (name: string, part: object) => {
    const text = JSON.stringify(part)
    if ((texts.get(name) ?? text) !== text) throw new Error(`Two different ${kind} of the API are called ${name}: one needs another title.`)
    texts.set(name, text)
    kept[name] = part
    return { $ref: `#/components/${kind}/${name}` }
  }
}

function sorted(parts: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function isRecord(part: unknown): part is Record<string, unknown> {
  return typeof part === 'object' && part !== null
}
