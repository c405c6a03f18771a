import diff from 'microdiff'
import { type LakeApp, type RenderedFile, writtenBySynth } from '../lake-app.ts'
import { fields } from '../manifest.ts'
import { EnvironmentView } from './environment-view.ts'
import { gitOpsTopics, loggingTopics, networkTopics, secretTopics } from './platform-topics.ts'
import { serviceTopics } from './service-topics.ts'
import { catalogTopics, objectStoreTopics } from './storage-topics.ts'
import type { Topic } from './topic.ts'

export const environmentTopics: Readonly<Record<string, readonly Topic[]>> = {
  'Object store': objectStoreTopics,
  Catalog: catalogTopics,
  Service: serviceTopics,
  Logging: loggingTopics,
  Network: networkTopics,
  Secrets: secretTopics,
  'Argo CD': gitOpsTopics,
}

/** What follows from other differences and says nothing itself. */
const consequences = [/ \S*annotations\.checksum\/config$/]

export const environmentsPagePath = 'docs/environments.md'

/** Side by side, row for row, what two environments have where they differ. What no topic speaks of is listed as it is. */
export function environmentsPage(apps: readonly [LakeApp, LakeApp]): RenderedFile {
  const [one, other] = [new EnvironmentView(apps[0]), new EnvironmentView(apps[1])]
  const differing = Object.entries(environmentTopics).map(([part, topics]) => ({
    part,
    rows: topics
      .map(topic => ({ topic, cells: [topic.show(one), topic.show(other)] as const }))
      .filter(({ cells: [here, there] }) => here !== there),
  }))
  const sections = differing
    .filter(({ rows }) => rows.length > 0)
    .flatMap(({ part, rows }) => [
      `## ${part}`,
      '',
      `| | ${one.name} | ${other.name} | why |`,
      '| --- | --- | --- | --- |',
      ...rows.map(({ topic, cells }) => `| ${[topic.what, ...cells, topic.why].map(inCell).join(' | ')} |`),
      '',
    ])
  const said = differing.flatMap(({ rows }) => rows.map(({ topic }) => topic))
  const rest = differences(one, other).filter(line => !said.some(topic => covers(topic, line)))
  const text = [
    `<!-- ${writtenBySynth} from constructs/environments-page: change that, or constructs/environments.ts, not this file. -->`,
    `# ${one.name} and ${other.name}`,
    '',
    'Where the two differ in what is applied, and why. Everything that is not here is the same in both. A version is a line of',
    '[versions.ts](../constructs/versions.ts), a number one of [environments.ts](../constructs/environments.ts).',
    '',
    ...sections,
    ...(rest.length > 0
      ? ['## And besides', '', 'Differences that no row above speaks of:', '', ...rest.map(line => `- \`${line}\``), '']
      : []),
  ]
  return { path: environmentsPagePath, text: `${text.join('\n').trimEnd()}\n`, objects: 0 }
}

/** Each as `Kind namespace/name path`, without the path where only one of them has the object. */
export function differences(one: EnvironmentView, other: EnvironmentView): string[] {
  return [...new Set([...one.objects.keys(), ...other.objects.keys()])]
    .flatMap(key => {
      const [has, hasToo] = [one.objects.get(key), other.objects.get(key)]
      if (has === undefined || hasToo === undefined) return [key]
      return diff({ ...fields(has) }, { ...fields(hasToo) }).map(({ path }) => `${key} ${path.join('.')}`)
    })
    .filter(line => !consequences.some(pattern => pattern.test(line)))
}

export function covers({ covers }: Topic, line: string): boolean {
  return covers.some(pattern => pattern.test(line))
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
