/** The views of the page as its address names them. */
export const viewNames = ['query', 'history', 'snapshots', 'upload', 'operate'] as const
export type ViewName = (typeof viewNames)[number]
