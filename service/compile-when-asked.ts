import ajvCompiler from '@fastify/ajv-compiler'
import serializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'

/** Nothing is changed silently: a misspelled field is an error and "5" is no number. */
const ajvOptions = { removeAdditional: false, coerceTypes: false, allErrors: false } as const

/** Has the schemas of a route compiled when it is asked for the first time: those of all routes take a third of a second, at every start, and
 * most processes are never asked for most of them. */
export function compileWhenAsked(app: FastifyInstance): void {
  const compileValidator = ajvCompiler()({}, { customOptions: ajvOptions })
  const compileSerializer = serializerSelector()({}, {})
  app.setValidatorCompiler<object>(route => {
    let compiled: ReturnType<typeof compileValidator> | undefined
    const validate: ReturnType<FastifySchemaCompiler<object>> = (data: unknown) => {
      compiled ??= compileValidator(route)
      const valid = compiled(data) === true
      validate.errors = compiled.errors
      return valid
    }
    return validate
  })
  app.setSerializerCompiler<object>(route => {
    let stringify: ReturnType<typeof compileSerializer> | undefined
    return data => {
      stringify ??= compileSerializer({ ...route, httpStatus: route.httpStatus ?? 'default' })
      return stringify(data)
    }
  })
}
