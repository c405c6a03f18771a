import { Command } from '@commander-js/extra-typings'

/** Of the words themselves: errors in them are JSON too. */
export function asksForJson(words: readonly string[] = process.argv.slice(2)): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).includes('--json')
}

/** The command with what all its commands take. */
export function newProgram() {
  return new Command('lake')
    .description('Asks, fills and looks after a DuckLake.')
    .option('--url <address>', 'where the lake is, in place of LAKE_URL (default: http://127.0.0.1:8080)')
    .option('--key-file <file>', 'a file of mode 600 with the key, in place of LAKE_KEY_FILE or LAKE_KEY (default: .lake/admin-key)')
    .option('--key <key>', 'the key itself: other users of this machine can read it in the list of processes')
    .option('--json', 'answers and errors as JSON')
    .showHelpAfterError('Add --help for what there is.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: text => asksForJson() || process.stderr.write(text) })
    .exitOverride()
}

export type Program = ReturnType<typeof newProgram>
