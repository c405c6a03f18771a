import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { isErrorCode, ServiceError } from '../errors.ts'
import { problemPage } from '../problems/problem-page.ts'

/** `GET /problems/{code}`: what the `type` of a problem leads to, for people and without a key. */
export const problemPageRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/problems/:code',
    { schema: { hide: true, params: Type.Object({ code: Type.String({ maxLength: 100 }) }) } },
    async ({ params: { code } }, reply) => {
      if (!isErrorCode(code)) throw new ServiceError('notFound', `There is no problem of the type ${code}.`)
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
        .header('x-content-type-options', 'nosniff')
        .send(problemPage(code))
    },
  )
}
