import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { Type } from 'typebox'

/** The rest of an address, slashes and all, is one key. */
export const keyPath = Type.Object({
  '*': Type.String({
    minLength: 1,
    maxLength: 4_096,
    description: 'The key. Its slashes may stand as they are; every other byte that an address cannot hold is encoded.',
  }),
})

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>

/** In the document the key has a name. */
export const nameKey: Transform = ({ schema, url }) => {
  const params = schema?.params
  if (!url.endsWith('/*') || typeof params !== 'object' || params === null) return { schema, url }
  const { '*': key } = keyPath.properties
  return { schema: { ...schema, params: { type: 'object', required: ['key'], properties: { key } } }, url: url.replace('*', ':key') }
}
