import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings'

export interface Candidate {
  readonly word: string
  readonly about: string
}

/** What may stand in the place of the last word. @param words those after `lake`, the last one perhaps empty
 * @param tables asked only where a table may stand */
export async function complete(
  program: CommandUnknownOpts,
  words: readonly string[],
  tables: () => Promise<readonly string[]>,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? ''
  let command = program
  let places = 0
  let waiting: Option | undefined
  for (const word of words.slice(0, -1)) {
    if (waiting) waiting = undefined
    else if (word.startsWith('-')) waiting = takesValue(optionOf(command, program, word), word)
    else {
      const next = command.commands.find(each => each.name() === word)
      if (next) [command, places] = [next, 0]
      else places += 1
    }
  }
  const found = waiting
    ? named(waiting.argChoices ?? [])
    : current.startsWith('-')
      ? optionsOf(command, program)
      : [...commandsOf(command), ...(await argumentsOf(command, places, tables))]
  return found.filter(({ word }) => word.startsWith(current))
}

function optionsOf(command: CommandUnknownOpts, program: CommandUnknownOpts): readonly Candidate[] {
  const all = command === program ? program.options : [...command.options, ...program.options]
  return all.filter(({ hidden }) => !hidden).map(({ long, short, description }) => ({ word: long ?? short ?? '', about: description }))
}

function commandsOf(command: CommandUnknownOpts): readonly Candidate[] {
  const shown = command.createHelp().visibleCommands(command)
  return shown.map(each => ({ word: each.name(), about: each.description() }))
}

async function argumentsOf(
  command: CommandUnknownOpts,
  places: number,
  tables: () => Promise<readonly string[]>,
): Promise<readonly Candidate[]> {
  const argument = command.registeredArguments[places]
  if (argument?.argChoices) return named(argument.argChoices)
  return argument?.name() === 'table' ? named(await tables()) : []
}

function optionOf(command: CommandUnknownOpts, program: CommandUnknownOpts, word: string): Option | undefined {
  return [...command.options, ...program.options].find(({ long, short }) => word === long || word === short)
}

function takesValue(option: Option | undefined, word: string): Option | undefined {
  return option?.required && !word.includes('=') ? option : undefined
}

function named(words: readonly string[]): readonly Candidate[] {
  return words.map(word => ({ word, about: '' }))
}
