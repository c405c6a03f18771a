import fc from 'fast-check'
import type { ChangedLake, Model } from './changed-lake.ts'

/** The lake as one writer sees it. */
export interface Real {
  readonly lake: ChangedLake
  readonly writer: number
  /** Gets each look that shows something else than the writer did. */
  readonly differed: (sentence: string) => void
}

type Command = fc.AsyncCommand<Model, Real>

class Append implements Command {
  constructor(private readonly values: readonly number[]) {}

  check = () => true

  async run(model: Model, { lake, writer }: Real): Promise<void> {
    const next = Math.max(0, ...model.keys()) + 1
    const rows = new Map(this.values.map((value, index) => [next + index, value]))
    await lake.append(writer, rows)
    for (const [id, value] of rows) model.set(id, value)
  }

  toString = () => `append ${this.values.length}`
}

/** Of rows that are there, the one that a number from 0 to 1 points at. */
function idAt(model: Model, place: number): number {
  const ids = [...model.keys()]
  return ids[Math.min(Math.floor(place * ids.length), ids.length - 1)] ?? 0
}

class Remove implements Command {
  constructor(private readonly place: number) {}

  check = (model: Readonly<Model>) => model.size > 0

  async run(model: Model, { lake, writer }: Real): Promise<void> {
    const id = idAt(model, this.place)
    await lake.remove(writer, id)
    model.delete(id)
  }

  toString = () => `remove the row at ${this.place}`
}

class Update implements Command {
  constructor(
    private readonly place: number,
    private readonly value: number,
  ) {}

  check = (model: Readonly<Model>) => model.size > 0

  async run(model: Model, { lake, writer }: Real): Promise<void> {
    const id = idAt(model, this.place)
    await lake.update(writer, id, this.value)
    model.set(id, this.value)
  }

  toString = () => `update the row at ${this.place}`
}

class Recreate implements Command {
  check = () => true

  async run(_model: Model, { lake }: Real): Promise<void> {
    await lake.recreate()
  }

  toString = () => 'create or replace'
}

class Look implements Command {
  check = () => true

  async run(model: Model, real: Real): Promise<void> {
    await look(model, real)
  }

  toString = () => 'look'
}

/** Compares the writer's rows with what it knows. */
export async function look(model: Model, { lake, writer, differed }: Real): Promise<void> {
  const rows = await lake.read(writer)
  const there = new Map(rows)
  const differences = [
    ...rows.filter(([id]) => !model.has(id)).map(([id]) => `${id} is back`),
    ...[...model.keys()].filter(id => !there.has(id)).map(id => `${id} is lost`),
    ...[...there].filter(([id, value]) => model.has(id) && model.get(id) !== value).map(([id, value]) => `${id} is ${value} again`),
    ...(rows.length > there.size ? [`${rows.length - there.size} are there twice`] : []),
  ]
  if (differences.length > 0) differed(`of the rows of writer ${writer} ${differences.join(', ')}`)
}

/** What one writer does, one after the other: mostly small changes, which are what a compaction can undo. */
export function commandsOf(count: number, recreates: boolean): fc.Arbitrary<Iterable<Command>> {
  const place = fc.double({ min: 0, max: 1, noNaN: true })
  const value = fc.integer({ min: 0, max: 1_000_000 })
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.array(value, { minLength: 1, maxLength: 24 }).map(values => new Append(values)) },
    { weight: 3, arbitrary: place.map(at => new Remove(at)) },
    { weight: 2, arbitrary: fc.tuple(place, value).map(([at, to]) => new Update(at, to)) },
    { weight: 1, arbitrary: fc.constant(new Look()) },
    { weight: recreates ? 1 : 0, arbitrary: fc.constant(new Recreate()) },
  )
  return fc.array<Command>(command, { minLength: count, maxLength: count })
}
