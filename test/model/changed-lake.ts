/** One table that several writers change at once, each only rows of its own, so that each knows what its own must be. */
export interface ChangedLake {
  append(writer: number, values: ReadonlyMap<number, number>): Promise<void>
  /** Removes one row. */
  remove(writer: number, id: number): Promise<void>
  update(writer: number, id: number, value: number): Promise<void>
  /** Replaces the table by one with the same rows. */
  recreate(): Promise<void>
  /** Merges small files and rewrites those with deleted rows. */
  compact(): Promise<void>
  /** The writer's rows, every one: an id that comes twice is a mistake. */
  read(writer: number): Promise<readonly (readonly [id: number, value: number])[]>
}

/** Rows that a writer knows to be there. */
export type Model = Map<number, number>
