import { environmentsPage } from '../environments-page/environments-page.ts'
import type { LakeApp, RenderedFile } from '../lake-app.ts'

/** Every file that synthesis owns: those of all environments, and the page that compares the first of them with the last. */
export function renderAll(apps: readonly LakeApp[]): RenderedFile[] {
  const [one, other] = [apps[0], apps.at(-1)]
  return [...apps.flatMap(app => app.render()), ...(one && other && one !== other ? [environmentsPage([one, other])] : [])]
}
