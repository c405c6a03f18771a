import type { SettingName, SettingValue } from './changeable-settings.ts'
import type { Ask, Store } from './store.ts'

/** A value that differs from the default, or did. */
export interface StoredSetting {
  readonly name: string
  readonly value: SettingValue
  readonly changedAt: Date
  readonly changedBy: string
}

export interface SettingChange {
  /** Text: a number of 64 bits. */
  readonly id: string
  readonly name: string
  readonly changedAt: Date
  readonly changedBy: string
  /** Null: the default. */
  readonly old: SettingValue | null
  readonly new: SettingValue | null
}

export async function readSettings(ask: Ask): Promise<StoredSetting[]> {
  return ask<StoredSetting>('SELECT name, value, changed_at AS "changedAt", changed_by AS "changedBy" FROM app.setting')
}

/** Sets a value, or goes back to the default, and notes who did. What changes nothing is not noted. */
export async function changeSetting(store: Store, name: SettingName, value: SettingValue | undefined, changedBy: string): Promise<void> {
  await store.transaction(async ask => {
    await ask('LOCK TABLE app.setting IN SHARE ROW EXCLUSIVE MODE')
    const [known] = await ask<{ value: SettingValue }>('SELECT value FROM app.setting WHERE name = $1', [name])
    if (known?.value === value) return
    if (value === undefined) await ask('DELETE FROM app.setting WHERE name = $1', [name])
    else
      await ask(
        `INSERT INTO app.setting (name, value, changed_by) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, changed_at = now()`,
        [name, JSON.stringify(value), changedBy],
      )
    await ask('INSERT INTO app.setting_change (name, changed_by, old, new) VALUES ($1, $2, $3, $4)', [
      name,
      changedBy,
      textOf(known?.value),
      textOf(value),
    ])
  })
}

/** Newest first. @param name of every setting if it is missing. @param before the last id of the page before */
export async function listSettingChanges(
  ask: Ask,
  { name, before, limit }: { readonly name?: string | undefined; readonly before?: string | undefined; readonly limit: number },
): Promise<SettingChange[]> {
  return ask<SettingChange>(
    `SELECT id, name, changed_at AS "changedAt", changed_by AS "changedBy", old, new FROM app.setting_change
     WHERE ($1::text IS NULL OR name = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [name ?? null, before ?? null, limit],
  )
}

function textOf(value: SettingValue | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
