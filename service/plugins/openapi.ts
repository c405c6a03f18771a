import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'

/** `/openapi.json` out of the routes' own schemas, and `/docs` to read it, without a request to anybody else. */
export default fp(
  async app => {
    await app.register(swagger, {
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
          { name: 'catalogue', description: 'What is in the lake' },
          { name: 'access', description: 'Keys and what they may do' },
          { name: 'health', description: 'For load balancers and people on call' },
        ],
      },
    })
    await app.register(swaggerUi, { routePrefix: '/docs' })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  },
  { name: 'openapi' },
)
