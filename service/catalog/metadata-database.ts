/** Under which name an engine sees the catalog's own tables, once the lake is attached as `lake`. */
export const metadataDatabase = '__ducklake_metadata_lake'
