import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import { type LakeSize, lakeSizeOf, lakeSizeSql } from '../catalog/lake-size.ts'
import { readRows } from '../catalogue/read-rows.ts'
import { catalogSchema } from '../engine/maintenance/read-catalog.ts'
import type { EngineOptions } from '../engine-pool/engine-process.ts'
import { ofTheService } from '../engine-pool/pool-limits.ts'
import { MaintenanceRunner } from '../maintenance/maintenance-runner.ts'
import { MaintenanceSchedule } from '../maintenance/maintenance-schedule.ts'
import { lastSuccesses } from '../store/maintenance-runs.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly maintenance: MaintenanceRunner
  }
}

interface MaintenanceOptions {
  readonly engine: Omit<EngineOptions, 'spillDir'>
  readonly timeoutMs: number
}

/** However often Prometheus asks, the catalog is asked no more often. */
const measureEveryMs = 60_000

/** What keeps the lake small and quick: runs that somebody asks for, and those of the settings' policy. */
export default fp<MaintenanceOptions>(
  async (app, { engine, timeoutMs }) => {
    const failed = (error: unknown) => app.log.warn({ err: error }, 'maintenance')
    const registers = [app.metrics.registry]
    const runs = new Counter({
      name: 'ducklake_maintenance_runs_total',
      help: 'Runs of maintenance that ended, by task and outcome (ok or the error code).',
      labelNames: ['task', 'outcome'],
      registers,
    })
    const runner = new MaintenanceRunner(
      {
        store: app.store,
        locks: app.tableLocks,
        lineage: app.lineage,
        engine: { ...engine, spillDir: app.spillDir },
        timeoutMs,
        keepPublishedHours: () => app.lakeSettings.get('publish.keepHours'),
      },
      {
        ended({ task, dryRun, requestedBy }, id, { error, report }) {
          const outcome = error?.code ?? 'ok'
          if (!dryRun) runs.inc({ task, outcome })
          const { fileCount, bytes, snapshotCount } = report ?? {}
          app.log.info(
            { run_id: id, task, dry_run: dryRun, key_id: requestedBy, outcome, files: fileCount, bytes, snapshots: snapshotCount },
            'maintenance',
          )
        },
        failed,
      },
    )
    const schedule = new MaintenanceSchedule(runner, app.store, app.lakeSettings, failed)

    let measured: { readonly size: Promise<LakeSize>; readonly atMs: number } | undefined
    const measure = () => {
      const now = performance.now()
      if (measured && now - measured.atMs < measureEveryMs) return measured.size
      const size = readRows(app.engines, ofTheService, lakeSizeSql(catalogSchema)).then(({ rows }) => lakeSizeOf(rows[0]))
      measured = { size, atMs: now }
      return size
    }
    const gauge = (name: string, help: string, value: (size: LakeSize) => number) =>
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          // While the catalog is away the last figure stays.
          await measure().then(size => this.set(value(size)), failed)
        },
      })
    gauge('ducklake_lake_files', 'Files of the newest version of the lake.', ({ files }) => files)
    gauge('ducklake_lake_bytes', 'Their bytes.', ({ bytes }) => bytes)
    gauge('ducklake_lake_deleted_rows', 'Deleted rows that are still in them.', ({ deletedRows }) => deletedRows)
    gauge('ducklake_lake_old_files', 'Files that only older versions need, or nothing any more.', ({ oldFiles }) => oldFiles)
    gauge('ducklake_lake_snapshots', 'Versions of the lake that can be read.', ({ snapshots }) => snapshots)
    new Gauge({
      name: 'ducklake_maintenance_last_success_timestamp_seconds',
      help: 'When a task of maintenance, a backup or a restore drill last succeeded, by whichever process.',
      labelNames: ['task'],
      registers,
      async collect() {
        await lastSuccesses(app.store.ask).then(tasks => {
          for (const { task, at } of tasks) this.set({ task }, at.getTime() / 1_000)
        }, failed)
      },
    })

    app.decorate('maintenance', runner)
    app.addHook('onReady', async () => schedule.begin())
    app.addHook('preClose', async () => {
      await runner.close()
      await schedule.close()
    })
  },
  { name: 'maintenance', dependencies: ['metrics', 'store', 'lake-settings', 'lineage', 'spill', 'engines', 'writers'] },
)
