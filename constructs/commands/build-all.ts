import type { Environment } from '../environment.ts'
import { InvalidValue } from '../invalid.ts'
import type { LakeApp } from '../lake-app.ts'

export type Environments = Readonly<Record<string, () => Environment>>

/** Builds every environment before anything is written.
 * @throws InvalidValue also for what a unit type refuses, with the place in the file that set it. */
export function buildAll(environments: Environments, deployment: (environment: Environment) => LakeApp): LakeApp[] {
  const apps = Object.entries(environments).map(([name, environment]) => {
    try {
      return deployment(environment())
    } catch (error) {
      if (error instanceof InvalidValue || !(error instanceof Error)) throw error
      const place = /(constructs\/environments\.ts|main\.ts):(\d+)/.exec(error.stack ?? '')
      // Only what cdk8s and constructs refuse is about a value; anything else is a mistake in the code and needs its stack.
      if (!place || !/node_modules\/(cdk8s|constructs)/.test(error.stack ?? '')) throw error
      throw new InvalidValue(`${name} (${place[1]}:${place[2]}): ${error.message.replace(/\.$/, '')}. Change the value there.`)
    }
  })

  const twice = apps.find((app, index) => apps.findIndex(other => other.environment === app.environment) < index)
  if (twice)
    throw new InvalidValue(`${twice.environment}: two environments have this name and would write the same files. Rename one of them.`)
  return apps
}
