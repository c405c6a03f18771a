/** The views of the page as its address names them. */
export const viewNames = ['query', 'snapshots'] as const
export type ViewName = (typeof viewNames)[number]
