import { App } from 'cdk8s'
import type { Construct } from 'constructs'

/** A value that no manifest may be made of. The message is for whoever edited the value: where, which rule, what to do. */
export class InvalidValue extends Error {}

/** `dev/storage/minio`: the environment and the path below it. */
export function pathOf(construct: Construct): string {
  const app = construct.node.root
  const environment = app instanceof App && 'environment' in app && typeof app.environment === 'string' ? app.environment : 'app'
  return [environment, construct.node.path].filter(Boolean).join('/')
}

export function invalid(construct: Construct, sentence: string): InvalidValue {
  return new InvalidValue(`${pathOf(construct)}: ${sentence}`)
}
