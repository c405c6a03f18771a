export const shells = ['bash', 'zsh', 'fish'] as const

/** What a shell is told, once: it asks the command itself each time, and takes names of files where that knows nothing.
 * @param lake how the command is called, quoted for a shell */
export function completionScript(shell: (typeof shells)[number], lake: string): string {
  return scripts[shell](lake)
}

const scripts: Readonly<Record<(typeof shells)[number], (lake: string) => string>> = {
  bash: lake => `_lake() {
  local IFS=$'\\n'
  COMPREPLY=($(${lake} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _lake lake`,
  zsh: lake => `_lake() {
  local -a found
  found=("\${(@f)$(${lake} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then
    found=("\${(@)found//:/\\\\:}")
    found=("\${(@)found/$'\\t'/:}")
    _describe lake found
  else
    _files
  fi
}
compdef _lake lake`,
  fish: lake => `complete -c lake -a '(${lake.replaceAll("'", "\\'")} complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
}

/** For a POSIX shell, and for fish. */
export function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
