import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** `/openapi.json` out of the routes' own schemas, and `/docs` to read it, without a request to anybody else. */
export default fp(
  async app => {
    await app.register(swagger, {
      transformObject: withSqlText,
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

/** The parser makes an object of it; what a caller sends is the statement itself. */
function withSqlText(described: Described) {
  if (!('openapiObject' in described)) return described.swaggerObject
  const { openapiObject } = described
  for (const item of Object.values(openapiObject.paths ?? {})) {
    const body = item?.post?.requestBody
    if (body && 'content' in body && 'application/sql' in body.content)
      body.content['application/sql'] = { schema: { type: 'string', minLength: 1, example: 'SELECT 42' } }
  }
  return openapiObject
}
