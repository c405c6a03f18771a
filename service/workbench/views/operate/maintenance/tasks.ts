/** What maintenance can do, in words, and what can be said about it. */
export interface Task {
  readonly name: string
  readonly title: string
  readonly what: string
  /** What it takes away that cannot be had back; empty if nothing. */
  readonly takes: string
  readonly hasTable: boolean
  readonly hasAge: boolean
}

export const tasks: readonly Task[] = [
  {
    name: 'compact',
    title: 'Join small files',
    what: 'Joins neighbouring small files of a table: every reader has fewer requests to make. Every version stays readable.',
    takes: '',
    hasTable: true,
    hasAge: false,
  },
  {
    name: 'rewrite-deletes',
    title: 'Drop deleted rows from files',
    what: 'Writes files anew without their deleted rows, which every query reads and drops until then. Older versions keep the old files.',
    takes: '',
    hasTable: true,
    hasAge: false,
  },
  {
    name: 'flush',
    title: 'Write inlined rows into files',
    what: 'Only a lake that once kept rows in its catalog has any.',
    takes: '',
    hasTable: true,
    hasAge: false,
  },
  {
    name: 'expire',
    title: 'Expire old versions',
    what: 'Makes old versions unreadable, never the newest. Their files go with a later clean-up.',
    takes: 'Old versions cannot be queried, compared or restored any more.',
    hasTable: false,
    hasAge: true,
  },
  {
    name: 'clean-up',
    title: 'Remove files that no version needs',
    what: 'Frees the disk after versions were expired or files joined.',
    takes: 'Those files are deleted.',
    hasTable: false,
    hasAge: true,
  },
  {
    name: 'orphans',
    title: 'Remove files that no version ever named',
    what: 'Left by writers that were killed. It also takes what others have put into the lake’s own place.',
    takes: 'Those files are deleted, whoever put them there.',
    hasTable: false,
    hasAge: true,
  },
]
