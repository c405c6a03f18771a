import fp from 'fastify-plugin'
import {
  changeableSettings,
  faultOf,
  isSettingName,
  type NumberName,
  type SettingName,
  type SettingValue,
  type SwitchName,
} from '../store/changeable-settings.ts'
import { readSettings } from '../store/settings.ts'
import type { Store } from '../store/store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly lakeSettings: LakeSettings
  }
}

/** How long another process of the service goes on with the value from before a change. */
const refreshEveryMs = 5_000

/** The settings that can be changed while the service runs. */
export class LakeSettings {
  private values = new Map<string, SettingValue>()

  constructor(private readonly store: Store) {}

  /** The value as it was a few seconds ago; the default as long as none was read. What cannot be undone asks `refresh` first. */
  get(name: SwitchName): boolean
  get(name: NumberName): number
  get(name: SettingName): SettingValue {
    return this.values.get(name) ?? changeableSettings[name].default
  }

  /** Reads all of them anew. One that this program does not know, or not with such a value, is another program's: its default holds.
   * @throws ServiceError catalogUnavailable */
  async refresh(): Promise<void> {
    const stored = await readSettings(this.store.ask)
    this.values = new Map(
      stored.flatMap(({ name, value }) => (isSettingName(name) && faultOf(name, value) === undefined ? [[name, value]] : [])),
    )
  }
}

export default fp(
  async app => {
    const settings = new LakeSettings(app.store)
    app.decorate('lakeSettings', settings)
    let reading = Promise.resolve()
    let failing = false
    const refresh = () =>
      settings.refresh().then(
        () => {
          failing = false
        },
        (error: unknown) => {
          // Once, and not every few seconds while PostgreSQL is away.
          if (!failing) app.log.warn({ err: error }, 'the settings were not read: those from before hold')
          failing = true
        },
      )
    reading = refresh()
    const timer = setInterval(() => {
      reading = reading.then(refresh)
    }, refreshEveryMs).unref()
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await reading
    })
  },
  { name: 'lake-settings', dependencies: ['store'] },
)
