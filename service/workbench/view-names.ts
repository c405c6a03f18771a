/** The views of the page as its address names them. */
export const viewNames = ['query', 'snapshots', 'upload'] as const
export type ViewName = (typeof viewNames)[number]
