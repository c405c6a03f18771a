import { useEffect } from 'preact/hooks'
import { catalogue } from '../../catalogue/catalogue.ts'
import { clearSearch, route } from '../../router.ts'
import { EditorPane } from './editor-pane.tsx'
import { tabOfLink } from './link.ts'
import { ParameterInputs } from './parameter-inputs.tsx'
import { ResultPane } from './result-pane.tsx'
import { RunBar } from './run-bar.tsx'
import { resume } from './run-statements.ts'
import { Samples } from './samples.tsx'
import { TabBar } from './tab-bar.tsx'
import { active, openTab } from './tabs.ts'

/** Where statements are written and their results are read. */
export function QueryView() {
  const tab = active.value
  const { search } = route.value
  useEffect(() => {
    const linked = tabOfLink(search)
    if (!linked) return
    openTab(linked)
    clearSearch()
  }, [search])
  useEffect(() => {
    resume(tab)
  }, [tab.id])
  const isEmpty = tab.sql.trim() === '' && tab.queryId === undefined
  return (
    <section class="query-view" aria-label="Query">
      <TabBar />
      <div class="query-top">
        <EditorPane />
        <ParameterInputs tab={tab} />
        <RunBar tab={tab} />
      </div>
      {isEmpty && catalogue.value ? <Samples /> : <ResultPane tab={tab} key={tab.id} />}
    </section>
  )
}
