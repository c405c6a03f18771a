import type { ChangedLake } from './changed-lake.ts'

/** A lake that acknowledges one change of all without having made it. */
export class ForgetfulLake implements ChangedLake {
  private changes = 0

  constructor(
    private readonly lake: ChangedLake,
    private readonly forgets: number,
  ) {}

  async append(writer: number, values: ReadonlyMap<number, number>): Promise<void> {
    await this.unlessForgotten(() => this.lake.append(writer, values))
  }

  async remove(writer: number, id: number): Promise<void> {
    await this.unlessForgotten(() => this.lake.remove(writer, id))
  }

  async update(writer: number, id: number, value: number): Promise<void> {
    await this.unlessForgotten(() => this.lake.update(writer, id, value))
  }

  recreate = () => this.lake.recreate()
  compact = () => this.lake.compact()
  read = (writer: number) => this.lake.read(writer)

  private async unlessForgotten(change: () => Promise<void>): Promise<void> {
    this.changes += 1
    if (this.changes !== this.forgets) await change()
  }
}
