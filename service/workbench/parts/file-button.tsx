import { useRef } from 'preact/hooks'
import { fileEndings } from '../../file-ending.ts'
import { Icon } from './icon.tsx'

interface FileButtonProps {
  readonly label: string
  readonly primary?: boolean
  readonly onFile: (file: File) => void
}

const accepted = fileEndings.map(ending => `.${ending}`).join()

/** Chooses a file of this machine. */
export function FileButton({ label, primary = false, onFile }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class={primary ? 'primary' : ''} onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accepted}
        aria-label={label}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          // The same file chosen again is a change too.
          currentTarget.value = ''
          if (file) onFile(file)
        }}
      />
    </>
  )
}
