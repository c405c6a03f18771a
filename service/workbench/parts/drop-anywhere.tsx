import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { go } from '../router.ts'
import { say } from './announce.tsx'

/** A file that was dropped or chosen and that nobody has taken yet. */
export const droppedFile = signal<File | undefined>(undefined)

/** Brings a file to where it is loaded. */
export function takeFile(file: File): void {
  droppedFile.value = file
  go('upload')
}

/** Takes files that are dropped anywhere on the page. Before the editor, which would show them as text. */
export function DropAnywhere() {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      event.stopPropagation()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    // Out of the window, not only out of a part of it.
    const onLeave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      event.stopPropagation()
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      const [first] = files
      if (files.length > 1) say('One file at a time: the first one is taken')
      if (first) takeFile(first)
    }
    const capture = { capture: true }
    document.addEventListener('dragover', onOver, capture)
    document.addEventListener('dragleave', onLeave, capture)
    document.addEventListener('drop', onDrop, capture)
    return () => {
      document.removeEventListener('dragover', onOver, capture)
      document.removeEventListener('dragleave', onLeave, capture)
      document.removeEventListener('drop', onDrop, capture)
    }
  }, [])
  return over ? <div class="drop-over">Drop the file to load it into a table</div> : null
}
