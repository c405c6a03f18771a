import type { Size } from 'cdk8s'
import { SizeRoundingBehavior } from 'cdk8s'
import type { Construct } from 'constructs'
import { invalid } from './invalid.ts'

/** PostgreSQL cuts longer names off without an error. */
const maxNameLength = 63

/** Less is killed under the catalog's load. */
const minMemoryMebibytes = 512

export function assertDatabase(
  construct: Construct,
  props: { readonly database: string; readonly user: string; readonly volumeSize: Size; readonly memory: Size },
): void {
  for (const [prop, name] of Object.entries({ database: props.database, user: props.user })) {
    if (!/^[a-z_][a-z0-9_]*$/.test(name) || name.length > maxNameLength) {
      throw invalid(
        construct,
        `${prop} is "${name}", use 1 to ${maxNameLength} lower-case letters, digits and underscores, no digit first.`,
      )
    }
  }
  if (props.user === 'postgres') throw invalid(construct, 'user is "postgres", which is the administrator: name another owner.')
  const floor = { rounding: SizeRoundingBehavior.FLOOR }
  if (props.volumeSize.toMebibytes(floor) < 1024) {
    throw invalid(construct, `volumeSize is ${props.volumeSize.asString()}, use at least Size.gibibytes(1).`)
  }
  if (props.memory.toMebibytes(floor) < minMemoryMebibytes) {
    throw invalid(construct, `memory is ${props.memory.asString()}, use at least Size.mebibytes(${minMemoryMebibytes}).`)
  }
}
