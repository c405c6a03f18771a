import { runCommand } from './constructs/commands/run-command.ts'
import { dev, production } from './constructs/environments.ts'
import { DuckLakeService, type Environment, GitOps, LakeApp, Logging, Spark, Storage } from './constructs/index.ts'
import { isEntryPoint } from './constructs/is-entry-point.ts'

/** Everything of one environment, in memory. */
export function deployment(environment: Environment): LakeApp {
  const app = new LakeApp(environment.name)

  const storage = new Storage(app, environment.storage)
  const logging = new Logging(app, { ...environment.logging, objectStore: storage.objectStore })
  const service = new DuckLakeService(app, { ...environment.service, objectStore: storage.objectStore, catalog: storage.catalog })
  const spark = environment.spark ? [new Spark(app, { ...environment.spark, objectStore: storage.objectStore })] : []
  new GitOps(app, { ...environment.gitOps, deploys: [app.namespaces, storage, logging, logging.collector, service, ...spark] })

  return app
}

if (isEntryPoint(import.meta.url)) {
  await runCommand({
    words: process.argv.slice(2),
    environments: { dev, production },
    deployment,
    root: import.meta.dirname,
    dist: process.env.CDK8S_OUTDIR ?? 'dist',
  })
}
