import openapiTypescript, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nameParts } from '../../service/openapi/name-parts.ts'
import { type Service, startService, stopService } from './start-service.ts'

const head = `// What the service takes and answers, route by route. Written out of /openapi.json by \`npm run api-types\`; not changed by hand.
`

/** The lines of each path that say which methods it does not have, and that it has no parameters but those of its methods. */
const nothing = /^ {8}(?:\w+\?: never;|parameters: \{(?:\s+\w+\?: never;)+\s+\};)\n/gm

describe('service/client/api-types.ts', () => {
  let service: Service
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => stopService(service))

  it('is what the OpenAPI document says', async () => {
    const types = await openapiTypescript(new URL(`${service.url}/openapi.json`), { alphabetize: true })
    await expect(head + astToString(types).replace(nothing, '')).toMatchFileSnapshot('../../service/client/api-types.ts')
  })
})

describe('the parts of the OpenAPI document', () => {
  const documentWith = (...schemas: readonly object[]) => ({
    openapi: '3.1.0',
    info: { title: '', version: '' },
    paths: Object.fromEntries(
      schemas.map((schema, index) => [
        `/${index}`,
        { get: { responses: { 200: { description: '', content: { 'application/json': { schema } } } } } },
      ]),
    ),
  })

  it('stand once under their title, the inner ones in the outer ones too', () => {
    const inner = { title: 'Inner', type: 'string' }
    const outer = { title: 'Outer', type: 'array', items: inner }
    const named = nameParts(documentWith(inner, outer))
    expect(JSON.stringify(named.paths)).not.toContain('title')
    expect(named.components?.schemas).toEqual({ Inner: inner, Outer: { ...outer, items: { $ref: '#/components/schemas/Inner' } } })
  })

  it('have titles of their own', () => {
    const [text, number] = [
      { title: 'Same', type: 'string' },
      { title: 'Same', type: 'number' },
    ]
    expect(() => nameParts(documentWith(text, number))).toThrow(
      'Two different schemas of the API are called Same: one needs another title.',
    )
  })
})
