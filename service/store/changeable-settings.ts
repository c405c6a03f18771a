interface NumberRow {
  readonly default: number
  readonly min: number
  readonly max: number
  readonly why: string
}
interface SwitchRow {
  readonly default: boolean
  readonly why: string
}
export type SettingRow = NumberRow | SwitchRow

/** What an administrator may change while the service runs; what only a start can change is in service/settings.ts. docs/service.md lists
 * the same, held to it by a test. Whole numbers with the unit in the name, and switches. */
export const changeableSettings = {
  'lineage.reads': { default: false, why: 'Whether queries get into the lineage too: each is two rows, and there are many.' },
  'lineage.send': { default: true, why: 'Whether events are sent to LINEAGE_URL. Those that come meanwhile wait.' },
  'lineage.keepDays': { default: 365, min: 1, max: 36_500, why: 'How long it is remembered which run read and wrote what.' },
  'maintenance.compactEveryMinutes': {
    default: 60,
    min: 0,
    max: 44_640,
    why: 'How often small files are joined, and those with many deleted rows written anew: every append leaves one, and each costs every reader a request. 0: never.',
  },
  'maintenance.cleanUpEveryHours': {
    default: 24,
    min: 0,
    max: 8_760,
    why: 'How often old snapshots are expired, and the files removed that nothing needs any more. 0: never.',
  },
  'maintenance.expireAfterHours': {
    default: 168,
    min: 24,
    max: 876_000,
    why: 'How long a snapshot can be read. Less than a day would take files from under those who still write or read.',
  },
  'maintenance.cleanUpAfterHours': {
    default: 48,
    min: 24,
    max: 876_000,
    why: 'How long a file stays after the last snapshot that needs it, for readers that began before.',
  },
  'maintenance.rewriteDeletesFromPercent': {
    default: 30,
    min: 1,
    max: 100,
    why: 'A file is written anew when so many of its rows are deleted: until then they are read and dropped by every query.',
  },
  'maintenance.orphansAfterHours': {
    default: 168,
    min: 24,
    max: 876_000,
    why: 'How old a file that no snapshot names must be to count as left behind: a younger one may belong to a write that still goes on.',
  },
  'publish.everySeconds': {
    default: 10,
    min: 0,
    max: 86_400,
    why: 'How often it is looked whether published tables have changed: what was committed meanwhile becomes one version of their logs. 0: only when somebody asks for it.',
  },
  'publish.checkpointEvery': {
    default: 20,
    min: 1,
    max: 10_000,
    why: 'Of so many versions of a publication one is also written as a checkpoint, which lists all files: whoever reads begins there.',
  },
  'publish.keepHours': {
    default: 168,
    min: 24,
    max: 876_000,
    why: 'How long files stay that only older versions of a publication need, and the publication of a table that was dropped.',
  },
  'queue.batchMessages': { default: 1_000, min: 1, max: 100_000, why: 'Messages of the queue that become one commit at most.' },
  'queue.maxTries': { default: 5, min: 1, max: 1_000, why: 'How often a message is tried before it is put aside.' },
} as const satisfies Readonly<Record<string, SettingRow>>

type Rows = typeof changeableSettings
export type SettingName = keyof Rows
export type SwitchName = { [Name in SettingName]: Rows[Name]['default'] extends boolean ? Name : never }[SettingName]
export type NumberName = Exclude<SettingName, SwitchName>
export type SettingValue = number | boolean

export const settingNames: readonly SettingName[] = Object.keys(changeableSettings).filter(isSettingName)

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(changeableSettings, name)
}

/** @returns what is wrong with a value, as a sentence; nothing if it fits */
export function faultOf(name: SettingName, value: unknown): string | undefined {
  const row: SettingRow = changeableSettings[name]
  if (typeof row.default === 'boolean') return typeof value === 'boolean' ? undefined : `${name} is ${shown(value)}: use true or false.`
  if (!('min' in row)) return undefined
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= row.min && value <= row.max
  return fits ? undefined : `${name} is ${shown(value)}: use a whole number from ${row.min} to ${row.max}.`
}

/** A caller's value may be of any size. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 100)
}
