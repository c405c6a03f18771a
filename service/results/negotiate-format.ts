import type { FastifyRequest } from 'fastify'
import { ServiceError } from '../errors.ts'
import { type Format, formatNames, formats } from './formats.ts'

const mediaTypes = formatNames.map(name => formats[name].mediaType)

/** The format that a caller asks for: `?format=` first, because a link in a page cannot set a header. @throws ServiceError */
export function negotiateFormat(request: FastifyRequest, wanted: string | undefined): Format {
  if (wanted !== undefined) {
    const named = formatNames.find(name => name === wanted)
    if (named) return named
    throw new ServiceError('notAcceptable', `There is no format "${wanted}": use ${formatNames.join(', ')}.`)
  }
  const { accept } = request.headers
  // What most callers send, without a parse.
  if (accept === undefined || accept === '*/*' || accept === formats.json.mediaType) return 'json'
  const [accepted] = [request.accepts().type(mediaTypes)].flat()
  const chosen = formatNames.find(name => formats[name].mediaType === accepted)
  if (chosen) return chosen
  throw new ServiceError('notAcceptable', `Accept is "${accept}", the result can be ${mediaTypes.join(', ')}.`)
}
