import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import { problems } from './schemas.ts'

const enginesOf = Type.Object(
  {
    engines: Type.Integer({ description: 'That are ready or at work.' }),
    wanted: Type.Integer({ description: 'That there should be, spares among them.' }),
    running: Type.Integer({ description: 'Statements or writes that they work on.' }),
    waiting: Type.Integer({ description: 'Statements or writes that wait for one.' }),
    memoryBytes: Type.Integer({ description: 'Of all of them, after their last statements.' }),
  },
  { title: 'Engines' },
)

/** `GET /v1/engines`: what the engines of this process do, as its metrics say it too. */
export const engineRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/v1/engines',
    {
      config: { scope: 'admin' },
      schema: {
        tags: ['health'],
        summary: 'The engines of the process that answers',
        response: { 200: Type.Object({ process: Type.String(), readers: enginesOf, writers: enginesOf }), ...problems },
      },
    },
    async () => ({ process: app.session, readers: stateOf(app.engines), writers: stateOf(app.writers) }),
  )
}

function stateOf({ engines, wanted, running, queued, rssMb }: EnginePool) {
  return { engines, wanted, running, waiting: queued, memoryBytes: Math.round(rssMb * 1_048_576) }
}
