import { takeFile } from './drop-anywhere.tsx'
import { FileButton } from './file-button.tsx'
import { Icon } from './icon.tsx'

/** A place for a file; it may be dropped anywhere else as well. */
export function DropHere() {
  return (
    <div class="drop-here">
      <Icon name="upload" />
      <h2>Drop a CSV, JSON or Parquet file here</h2>
      <p class="muted">It may be packed with gzip. You see what would become of it before anything is written.</p>
      <FileButton label="Choose a file" primary onFile={takeFile} />
    </div>
  )
}
