import { Option } from '@commander-js/extra-typings'
import type { components } from '../../client/api-types.ts'
import { answerOf } from '../../client/lake-client.ts'
import type { Program } from '../new-program.ts'
import { integerUpTo } from '../number-option.ts'
import { recordsText } from '../print/table-text.ts'
import type { Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'

type Graph = components['schemas']['LineageGraph']

/** `lake lineage`: what a table was made of, and what was made of it. */
export function addLineage(program: Program, session: Sessions): void {
  program
    .command('lineage')
    .description('Shows what a table was made of, and what was made of it.')
    .argument('<table>', 'table or schema.table; with --namespace any dataset')
    .option('-c, --column <name>', 'of this column')
    .addOption(new Option('-d, --direction <direction>', 'which way').choices(['up', 'down', 'both'] as const))
    .option('--depth <n>', 'jobs on the way, up to 20', integerUpTo(20))
    .option('--namespace <name>', 'of the dataset, if it is not of this lake')
    .option('--mermaid', 'draws it, for Markdown')
    .action(async (table, { column, direction, depth, namespace, mermaid }) => {
      const { lake, json, print, signal } = await session()
      const query = {
        dataset: namespace === undefined ? datasetOf(table) : table,
        ...(namespace !== undefined && { namespace }),
        ...(column !== undefined && { column }),
        ...(direction && { direction }),
        ...(depth !== undefined && { depth: `${depth}` }),
      }
      if (mermaid && !json) {
        const drawn = { ...query, format: 'mermaid' as const }
        return print(`${await answerOf(lake.api.GET('/v1/lineage', { params: { query: drawn }, parseAs: 'text', signal }))}`.trimEnd())
      }
      const graph = await answerOf(lake.api.GET('/v1/lineage', { params: { query }, signal }))
      if (json) return print(JSON.stringify(graph))
      if (typeof graph !== 'string') print(edgesText(graph))
    })
}

function datasetOf(text: string): string {
  const { schema, table } = tableName(text)
  return `${schema}.${table}`
}

function edgesText({ nodes, edges, truncated }: Graph): string {
  const shown = new Map(nodes.map(({ id, name, column, kind }) => [id, kind === 'job' ? `(${name})` : column ? `${name}.${column}` : name]))
  const rows = edges.map(({ from, to, job }) => ({ from: shown.get(from) ?? from, to: shown.get(to) ?? to, job: job ?? '' }))
  const jobs = rows.some(({ job }) => job !== '')
  return `${recordsText(jobs ? ['from', 'to', 'job'] : ['from', 'to'], rows)}${truncated ? '\n… there is more: ask for one direction, or a smaller depth' : ''}`
}
