import { useEffect } from 'preact/hooks'
import { loadCatalogue } from '../../catalogue/catalogue.ts'
import { say } from '../../parts/announce.tsx'
import { droppedFile } from '../../parts/drop-anywhere.tsx'
import { route } from '../../router.ts'
import { CheckPane } from './check-pane.tsx'
import { ChooseFile } from './choose-file.tsx'
import { draft } from './draft.ts'
import { chooseFile, sending, written } from './load-file.ts'
import { Summary } from './summary.tsx'
import { TargetForm } from './target-form.tsx'

/** A file becomes rows of a table: choose it, look at what would become of it, load it. */
export function UploadView() {
  const { search } = route.value
  const file = droppedFile.value
  useEffect(() => {
    loadCatalogue()
  }, [])
  useEffect(() => {
    if (!file) return
    droppedFile.value = undefined
    if (sending.peek()?.what === 'load') return say('A file is being loaded: wait for it, or cancel it first')
    const table = search.get('table')
    chooseFile(file, table === null ? undefined : { schema: search.get('schema') ?? 'main', name: table })
  }, [file])
  const now = draft.value
  return (
    <section class="upload-view" aria-label="Upload">
      {!now && <ChooseFile />}
      {now && !written.value && (
        <>
          <TargetForm draft={now} />
          <CheckPane draft={now} />
        </>
      )}
      {now && written.value && <Summary draft={now} written={written.value} />}
    </section>
  )
}
