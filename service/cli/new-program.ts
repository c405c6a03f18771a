import { Command } from '@commander-js/extra-typings'

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
    .exitOverride()
}

export type Program = ReturnType<typeof newProgram>
