import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the results of background queries lie until their time is over. */
export interface KeptResults {
  /** Where an engine is to write one. */
  pathOf(id: string): string
  /** Takes over what an engine has written. @throws ServiceError storageUnavailable */
  keep(id: string): Promise<void>
  /** A file of this machine with the result, until it is released. @throws ServiceError notFound, storageUnavailable */
  open(id: string): Promise<OpenResult>
  /** Does nothing if there is none. @throws ServiceError storageUnavailable */
  remove(id: string): Promise<void>
}

export interface OpenResult {
  readonly path: string
  release(): Promise<void>
}

/** Results in a folder of this machine, for one process. */
export class FolderResults implements KeptResults {
  constructor(private readonly folder: string) {}

  pathOf(id: string): string {
    return join(this.folder, `${id}.parquet`)
  }

  async keep(): Promise<void> {}

  async open(id: string): Promise<OpenResult> {
    return { path: this.pathOf(id), release: async () => {} }
  }

  async remove(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true })
  }
}
