import type { ComponentType } from 'preact'
import { lazy } from './parts/lazy.tsx'
import type { ViewName } from './view-names.ts'
import { QueryView } from './views/query/query-view.tsx'

export interface View {
  readonly title: string
  readonly Component: ComponentType
}

/** One folder each below views/. The first is a part of what is loaded at once; all others are `lazy`. */
export const views: Readonly<Record<ViewName, View>> = {
  query: { title: 'Query', Component: QueryView },
  history: { title: 'History', Component: lazy(async () => (await import('./views/history/history-view.tsx')).HistoryView) },
  snapshots: { title: 'Versions', Component: lazy(async () => (await import('./views/snapshots/snapshots-view.tsx')).SnapshotsView) },
  upload: { title: 'Upload', Component: lazy(async () => (await import('./views/upload/upload-view.tsx')).UploadView) },
  operate: { title: 'Operate', Component: lazy(async () => (await import('./views/operate/operate-view.tsx')).OperateView) },
}
