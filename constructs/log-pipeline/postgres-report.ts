import type { When } from './log-event.ts'
import type { Selector, Stage } from './stage.ts'

// A report of PostgreSQL: its first line begins with what `log_line_prefix` says (constructs/postgres-settings.ts), then level and message.
// Without backslashes throughout, because parts of it stand in selectors: [[] is a bracket, [[:cntrl:]] the TAB behind the client's part.
// The TAB is the one thing a client can't put into its application's name, so what follows it is the server's own level.

const time = '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3} [A-Z]+'
const sent = '[^,[:cntrl:]]*'
const backend = '[A-Za-z0-9_. -]+'
const client = `(?:[[]user=${sent},db=${sent},host=${sent},app=[^[:cntrl:]]*[]][[:cntrl:]])?`
const levels = 'DEBUG[1-5]?|INFO|NOTICE|WARNING|LOG|ERROR|FATAL|PANIC'

/** A first line with a level of its own: DETAIL, HINT, CONTEXT and STATEMENT repeat the whole prefix and belong to the report before. */
export const firstLine = `^${time} [[][0-9]+[]] [0-9A-Z]{5} ${backend} ${client}(?:${levels}):  `

/** First lines that an event is known by. */
export function firstLineOf({ message = '', sqlstate = '[0-9A-Z]{5}', level }: When): string {
  // A class and not the character: a quote would need a backslash in a selector. [!-#] is !, " and #.
  const words = message.replaceAll('"', '[!-#]')
  return `^${time} [[][0-9]+[]] (?:${sqlstate}) ${backend} ${client}(?:${level?.join('|') ?? levels}):  ${words && `(?:${words})`}`
}

/** The containers of both providers. */
export const postgresContainers = { container: 'postgres|postgresql' }

/** Entries that are text, and not the JSON in which CloudNativePG wraps what its server says. */
export const reports: Selector = { labels: postgresContainers, notLine: '^[{]' }

/** What the beginning of every report says. */
export const readPrefix: readonly Stage[] = [
  {
    stage: 'regex',
    expression: `^${time} [[](?P<pid>[0-9]+)[]] [0-9A-Z]{5} ${backend} ${client}(?P<severity>${levels}):  `,
  },
  // Of the class 00, which is success, nobody needs to know.
  { stage: 'regex', expression: `^${time} [[][0-9]+[]] (?P<sqlstate>[1-9A-Z][0-9A-Z]{4}|0[1-9A-Z][0-9A-Z]{3}) ` },
  // [unknown] is what a client is called that has not said yet.
  {
    stage: 'regex',
    expression: `^${time} [[][0-9]+[]] [0-9A-Z]{5} ${backend} [[]user=(?P<user>[^,[[:cntrl:]]${sent}),db=(?P<database>[^,[[:cntrl:]]${sent}),`,
  },
  {
    stage: 'regex',
    expression: `^${time} [[][0-9]+[]] [0-9A-Z]{5} ${backend} [[]user=${sent},db=${sent},host=${sent},app=(?P<application>[^[[:cntrl:]][^[:cntrl:]]*)[]][[:cntrl:]]`,
  },
  {
    stage: 'choose',
    field: 'level',
    from: 'severity',
    values: {
      debug: ['DEBUG', 'DEBUG1', 'DEBUG2', 'DEBUG3', 'DEBUG4', 'DEBUG5'],
      info: ['LOG', 'INFO', 'NOTICE'],
      warning: ['WARNING'],
      error: ['ERROR'],
      fatal: ['FATAL', 'PANIC'],
    },
  },
  { stage: 'labels', names: ['level'] },
]

/** The request a statement belongs to, if it says so: in a comment, in a queue's message, or in a snapshot's note on who wrote it. */
export const readRequestId: Stage = {
  stage: 'regex',
  expression: `(?i)[^a-z_](?:request_id|req_id|request)["']?[ ]*[:=][ ]*["'](?P<request_id>[A-Za-z0-9._:-]{1,128})["']`,
}
