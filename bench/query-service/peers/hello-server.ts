import fastify from 'fastify'

// What a request costs when there is nothing to do.
const app = fastify()
app.post('/', async () => ({ hello: 'world' }))
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
