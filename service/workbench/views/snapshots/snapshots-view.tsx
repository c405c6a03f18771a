import { useEffect, useMemo, useState } from 'preact/hooks'
import { toProblem } from '../../api/ask.ts'
import type { Snapshot } from '../../api/snapshots.ts'
import { catalogue, loadCatalogue } from '../../catalogue/catalogue.ts'
import { Icon } from '../../parts/icon.tsx'
import { ProblemBox } from '../../parts/problem-box.tsx'
import { DiffPanel } from './diff-panel.tsx'
import { LakeDiffPanel } from './lake-diff-panel.tsx'
import { picked } from './picks.ts'
import { SnapshotPanel } from './snapshot-panel.tsx'
import { TableChoice } from './table-choice.tsx'
import { TimeLine } from './time-line.ts'
import { TimeLineList } from './time-line-list.tsx'

/** The versions of the lake, or of a table; one of them looked at, or two compared. */
export function SnapshotsView() {
  const { of, versions } = picked.value
  const [reads, setReads] = useState(0)
  const address = of && JSON.stringify([of.schema, of.table])
  const timeLine = useMemo(() => new TimeLine(of), [address, reads])
  useEffect(() => {
    timeLine.more()
  }, [timeLine])
  const [shown, setShown] = useState<readonly (Snapshot | undefined)[]>([])
  const versionsText = versions.join()
  useEffect(() => {
    let gone = false
    Promise.all(versions.map(id => timeLine.find(id))).then(
      found => {
        if (!gone) setShown(found)
      },
      error => {
        timeLine.problem.value = toProblem(error)
      },
    )
    return () => {
      gone = true
    }
  }, [timeLine, versionsText])
  const readAgain = () => {
    loadCatalogue()
    setReads(reads + 1)
  }
  const [first, second] = versions
  return (
    <section class="snapshots-view" aria-label="Versions">
      <div class="view-bar" role="toolbar" aria-label="Time line">
        <TableChoice of={of} />
        <span class="muted hint">Shift+click a second version to compare them.</span>
        <span class="space" />
        <button type="button" title="Read the time line again" onClick={readAgain}>
          <Icon name="refresh" />
          Refresh
        </button>
      </div>
      {timeLine.problem.value && <ProblemBox problem={timeLine.problem.value} onRetry={() => timeLine.more()} />}
      <TimeLineList timeLine={timeLine} versions={versions} />
      <div class="snapshot-detail">
        {first === undefined && <NothingPicked newest={timeLine.newest.value} />}
        {first !== undefined && second === undefined && (
          <SnapshotPanel
            key={first}
            of={of}
            version={first}
            snapshot={shown.find(each => each?.snapshotId === first)}
            timeLine={timeLine}
          />
        )}
        {first !== undefined &&
          second !== undefined &&
          (of ? (
            <DiffPanel key={`${address} ${versionsText}`} of={of} versions={[first, second]} />
          ) : (
            <LakeDiffPanel key={versionsText} versions={[first, second]} />
          ))}
      </div>
    </section>
  )
}

function NothingPicked({ newest }: { readonly newest: string | undefined }) {
  return (
    <div class="empty">
      <h2>Every write made a version, and each can be read as it was</h2>
      <p class="muted">
        {newest === undefined ? 'The time line is being read.' : `The newest is ${newest}.`} Pick one to query the lake as of it, to see
        what it did, or to get the statement that restores a table. In the list, the arrows move, Enter picks and Space adds a second one.
        {catalogue.value && ` A version's number also goes into “as of” of any query.`}
      </p>
    </div>
  )
}
