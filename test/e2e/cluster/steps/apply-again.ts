import { nameOf, objectsOf, textOf } from '../objects.ts'
import { podsOf } from '../pods.ts'
import type { Run } from '../run.ts'

/** What is applied twice is as it was, in everything that the cluster made of it too, Secrets and volumes: no object is another, no pod is new, and
 * `kubectl diff` is empty. */
export function applyAgain({ kubectl, platform, report }: Run): void {
  const pods = () => platform.namespaces.flatMap(namespace => podsOf(kubectl, namespace).map(({ uid }) => uid))
  const [before, podsBefore] = [objects(), pods()]
  platform.apply()
  const [after, podsAfter] = [objects(), new Set(pods())]
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(name => before.get(name) !== after.get(name))
  report.check(
    after.size > platform.files.length && changed.length === 0,
    `a second apply changes none of ${after.size} objects`,
    changed.join(', '),
  )
  const gone = podsBefore.filter(uid => !podsAfter.has(uid)).length
  report.check(podsBefore.length > 0 && gone === 0, `and replaces none of ${podsBefore.length} pods`, `${gone} are gone`)
  const differences = platform.files.map(({ text }) => kubectl.try(['diff', '--server-side', '--filename', '-'], text))
  report.check(
    differences.every(({ status }) => status === 0),
    'kubectl diff finds nothing',
    differences.map(({ stdout, stderr }) => stdout + stderr).join(''),
  )

  /** What is in no namespace is known from the files alone. */
  function objects(): ReadonlyMap<string, string> {
    const applied = platform.files.flatMap(({ text }) => kubectl.itemsOf(text))
    return new Map([...applied.map(item => [nameOf(item), textOf(item)] as const), ...objectsOf(kubectl, platform.namespaces)])
  }
}
