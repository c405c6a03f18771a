import { Readable } from 'node:stream'
import fastify from 'fastify'

// chDB behind the same kind of handler: the text of a statement as the body, the format in the query.
const [, , module = '', port, parquet] = process.argv
const { Session } = await import(module)
const session = new Session()
session.query(`CREATE TABLE bench ENGINE = MergeTree ORDER BY assumeNotNull(id) AS SELECT * FROM file('${parquet}', Parquet)`)

const app = fastify()
app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, sql, done) => done(null, sql))
app.post<{ Body: string; Querystring: { format: string } }>('/', async ({ body: sql, query: { format } }, reply) => {
  if (format === 'JSON') return reply.send((await session.queryAsync(sql, { format })).text())
  async function* bytes() {
    for await (const chunk of session.queryStream(sql, { format })) yield chunk.raw()
  }
  return reply.send(Readable.from(bytes(), { objectMode: false }))
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
