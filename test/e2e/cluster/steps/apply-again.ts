import { fields } from '../../../../constructs/manifest.ts'
import type { Run } from '../run.ts'

/** What is applied twice is as it was: no object gets a new version, and `kubectl diff` is empty. */
export function applyAgain({ kubectl, platform, report }: Run): void {
  const before = versions()
  platform.apply()
  const after = versions()
  const changed = [...after].filter(([object, version]) => before.get(object) !== version).map(([object]) => object)
  report.check(
    changed.length === 0 && after.size === before.size,
    `a second apply changes none of ${after.size} objects`,
    changed.join(', '),
  )
  const differences = platform.files.map(({ text }) => kubectl.try(['diff', '--server-side', '--filename', '-'], text))
  report.check(
    differences.every(({ status }) => status === 0),
    'kubectl diff finds nothing',
    differences.map(({ stdout, stderr }) => stdout + stderr).join(''),
  )

  function versions(): ReadonlyMap<string, unknown> {
    const objects = platform.files.flatMap(({ text }) => kubectl.itemsOf(text))
    return new Map(
      objects.map(({ kind, metadata }) => {
        const { namespace, name, resourceVersion } = fields(metadata)
        return [`${kind} ${namespace ?? ''}/${name}`, resourceVersion]
      }),
    )
  }
}
