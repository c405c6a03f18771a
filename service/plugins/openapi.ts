import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { nameParts } from '../openapi/name-parts.ts'
import { nameKey } from '../routes/object-path.ts'

/** `/openapi.json` out of the routes' own schemas, and `/docs` to read it, without a request to anybody else. */
export default fp(
  async app => {
    await app.register(swagger, {
      transform: nameKey,
      transformObject: withBodies,
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'DuckLake',
          version: '1',
          description: 'SQL over HTTP on a DuckLake. Every error is a problem document with a stable `code`.',
        },
        components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key, `dl_<id>_<secret>`.' } } },
        security: [{ key: [] }],
        tags: [
          { name: 'query', description: 'Statements and their results' },
          { name: 'queue', description: 'Rows on their way into a table' },
          { name: 'catalogue', description: 'What is in the lake' },
          { name: 'writing', description: 'Rows into tables' },
          { name: 'objects', description: 'Raw datasets: files as they came' },
          { name: 'access', description: 'Users, keys and what they may do' },
          { name: 'lineage', description: 'What was made of what' },
          { name: 'settings', description: 'What is changed while the service runs' },
          { name: 'maintenance', description: 'What keeps the lake small and quick' },
          { name: 'health', description: 'For load balancers and people on call' },
        ],
      },
    })
    await app.register(swaggerUi, { routePrefix: '/docs' })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  },
  { name: 'openapi' },
)

type Described = Parameters<NonNullable<FastifyDynamicSwaggerOptions['transformObject']>>[0]

/** What the parser makes of a body is not what a caller sends: the statement itself, or the bytes of an object. */
function withBodies(described: Described) {
  if (!('openapiObject' in described)) return described.swaggerObject
  const { openapiObject } = described
  for (const item of Object.values(openapiObject.paths ?? {})) {
    const put = item?.put
    if (put?.tags?.includes('objects')) put.requestBody = { content: { '*/*': { schema: { type: 'string', format: 'binary' } } } }
    const body = item?.post?.requestBody
    if (body && 'content' in body && 'application/sql' in body.content)
      body.content['application/sql'] = { schema: { type: 'string', minLength: 1, example: 'SELECT 42' } }
  }
  return nameParts(openapiObject)
}
