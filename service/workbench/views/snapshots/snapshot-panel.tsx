import type { Snapshot, TableChange, TableOf } from '../../api/snapshots.ts'
import { catalogue } from '../../catalogue/catalogue.ts'
import { momentText } from '../../format/moment.ts'
import { compare, pickTable } from './picks.ts'
import { queryAsOf } from './query-as-of.ts'
import { restoreInTab } from './restore-in-tab.ts'
import { nameOf } from './table-choice.tsx'
import type { TimeLine } from './time-line.ts'
import { figuresText, kindsText, titleOf } from './words.ts'

interface SnapshotPanelProps {
  readonly of: TableOf | undefined
  readonly version: string
  /** undefined: it is being looked for, or there is no such version of this table. */
  readonly snapshot: Snapshot | undefined
  readonly timeLine: TimeLine
}

/** One version: what it did, and what can be done with it. */
export function SnapshotPanel({ of, version, snapshot, timeLine }: SnapshotPanelProps) {
  if (!snapshot)
    return (
      <p class="muted empty-line" aria-busy={timeLine.loading.value}>
        {timeLine.loading.value
          ? 'It is being looked for.'
          : `Version ${version} is not in this time line: it did not change the table, or it is expired.`}
      </p>
    )
  const { at, author, message, tables } = snapshot
  return (
    <div class="snapshot-panel">
      <header>
        <h2>Version {version}</h2>
        <p class="muted" dir="auto">
          {[message && titleOf(snapshot), momentText(at), author && `by ${author}`].filter(Boolean).join(' · ')}
        </p>
      </header>
      {tables.length === 0 && !of && (
        <p>
          It changed no rows of a table.{' '}
          <button type="button" class="link" onClick={() => queryAsOf(undefined, version)}>
            Query the lake as of it
          </button>
        </p>
      )}
      <ul class="table-changes">
        {tables.map(change => (
          <TableLine
            key={`${change.schema}.${change.table} ${change.kinds.join()}`}
            {...{ change, snapshot }}
            alone={of !== undefined}
            newest={timeLine.newest.value}
          />
        ))}
      </ul>
    </div>
  )
}

interface TableLineProps {
  readonly change: TableChange
  readonly snapshot: Snapshot
  /** The time line is that of this table already. */
  readonly alone: boolean
  readonly newest: string | undefined
}

function TableLine({ change, snapshot, alone, newest }: TableLineProps) {
  const { kinds, rowsAdded, rowsRemoved, filesAdded, filesRemoved } = change
  const table = { schema: change.schema, table: change.table }
  const { snapshotId } = snapshot
  const before = String(BigInt(snapshotId) - 1n)
  // A table that a version dropped is there for the last time in the one before.
  const gone = kinds.includes('dropped')
  const version = gone ? before : snapshotId
  const figures = [figuresText(rowsAdded, rowsRemoved, 'row'), figuresText(filesAdded, filesRemoved, 'file')].filter(Boolean).join(', ')
  const there = catalogue.value?.tables.some(({ schema, name }) => schema === table.schema && name === table.table) ?? true
  return (
    <li>
      <div class="table-change">
        {alone ? (
          <strong dir="auto">{nameOf(table)}</strong>
        ) : (
          <button type="button" class="link" dir="auto" title="The versions of this table" onClick={() => pickTable(table)}>
            {nameOf(table)}
          </button>
        )}
        <span>{kindsText(kinds)}</span>
        <span class="muted figures">{figures}</span>
      </div>
      <div class="table-acts">
        <button type="button" class="primary" onClick={() => queryAsOf(table, version)}>
          Query as of {version}
        </button>
        {!gone && !kinds.includes('created') && (
          <button
            type="button"
            title={`What is different between version ${before} and this one`}
            onClick={() => compare(table, before, snapshotId)}
          >
            What it changed
          </button>
        )}
        {there && newest !== undefined && newest !== version && (
          <button type="button" onClick={() => compare(table, version, newest)}>
            Compare with now
          </button>
        )}
        <button
          type="button"
          title="Puts a statement into a new query; it does not run by itself"
          onClick={() => restoreInTab(table, version, gone ? undefined : snapshot.at, there)}
        >
          Restore …
        </button>
      </div>
    </li>
  )
}
