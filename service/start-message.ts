import type { RunningLake } from './running-lake.ts'

/** What a person sees when the lake is up: where it is, and a line to paste that gives a first answer. */
export function startMessage(url: string, { key, places }: RunningLake): string {
  const sql = 'SELECT from_station, count(*) AS rides, sum(passengers) AS passengers FROM rides GROUP BY ALL ORDER BY rides DESC'
  return `
The lake is at ${url}

  To look at in a browser: ${url}/${key === undefined ? '' : `#key=${key}`}

  curl -s ${url}/v1/query -H "Authorization: Bearer ${key ?? '$DUCKLAKE_KEY'}" -H 'Content-Type: application/json' -d '${JSON.stringify({ sql })}'

${places.map(place => `  ${place}`).join('\n')}
  Ctrl-C stops it.
`
}
