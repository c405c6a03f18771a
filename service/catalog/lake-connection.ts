/** How an engine reaches the lake, with the credentials of its class. It travels by message and never by environment or argument. */
export interface LakeConnection {
  readonly catalog: {
    readonly host: string
    readonly port: number
    readonly database: string
    readonly user: string
    readonly password: string
  }
  /** Where the Parquet files lie; ends with `/`. */
  readonly dataPath: string
  readonly extensionDir: string
  /** An empty folder: DuckDB must find no secret of somebody else's. */
  readonly secretDir: string
}
