import { Duration, Size } from 'cdk8s'
import { describe, expect, it } from 'vitest'
import { dev, production } from '../../constructs/environments.ts'
import { EnvironmentView } from '../../constructs/environments-page/environment-view.ts'
import { covers, differences, environmentsPage, environmentTopics } from '../../constructs/environments-page/environments-page.ts'
import type { Environment } from '../../constructs/index.ts'
import { deployment } from '../../main.ts'

const [one, other] = [new EnvironmentView(deployment(dev())), new EnvironmentView(deployment(production()))]
const lines = differences(one, other)
const topics = Object.values(environmentTopics).flat()

/** The page of two environments that are one but for what was changed. */
function pageOf(environment: Environment, changed: Partial<Environment>): string[] {
  const { text } = environmentsPage([deployment(environment), deployment({ ...environment, name: 'other', ...changed })])
  return text.split('\n').filter(line => /^(##|\||-) /.test(line))
}

describe('docs/environments.md', () => {
  it('has a row for each difference of the manifests', () => {
    const said = topics.filter(topic => topic.show(one) !== topic.show(other))
    expect(lines.length).toBeGreaterThan(100)
    expect(lines.filter(line => !said.some(topic => covers(topic, line)))).toEqual([])
  })

  it.each(topics.map(topic => [topic.what, topic] as const))('says nothing that is equal: %s', (_, topic) => {
    expect(topic.show(one)).not.toBe(topic.show(other))
    expect(lines.filter(line => covers(topic, line))).not.toEqual([])
    expect(topic.why).toMatch(/^[A-Z2].*\.$/)
  })

  it('fits on a page', () => {
    expect(environmentsPage([deployment(dev()), deployment(production())]).text.split('\n').length).toBeLessThan(90)
  })

  it('has the one row of the one value that differs, and none for names that only differ as the environments do', () => {
    const { storage } = dev()
    const larger = { ...storage, objectStore: { ...storage.objectStore, driveSize: Size.gibibytes(30) } }
    expect(pageOf(dev(), { storage: larger })).toEqual([
      '## Object store',
      '| | dev | other | why |',
      '| --- | --- | --- | --- |',
      '| volume of a drive | 20Gi | 30Gi | Half of what four drives hold is parity. |',
    ])
  })

  it('lists as it is what no row speaks of', () => {
    const { logging } = dev()
    const cached = { ...logging, loki: { ...logging.loki, chunkCache: Size.mebibytes(24), retention: Duration.days(7) } }
    expect(pageOf(dev(), { logging: cached }).slice(1)).toContainEqual(
      expect.stringMatching(/^- `ConfigMap logging\/loki data\.loki\.\S+`$/),
    )
  })
})
