import { signal } from '@preact/signals'

const said = signal({ sentence: '', shown: true })

/** Tells it to those who do not see the page change, and shows it for a moment to all others.
 * @param shown false where they see it anyway */
export function say(sentence: string, shown = true): void {
  said.value = { sentence: '', shown }
  queueMicrotask(() => {
    said.value = { sentence, shown }
  })
}

/** Where it is said. Stands once on the page. */
export function Announcements() {
  const { sentence, shown } = said.value
  return (
    <div class="announcements" role="status" aria-live="polite">
      {sentence !== '' && (
        <p
          key={sentence}
          class={shown ? 'toast' : 'unseen'}
          onAnimationEnd={() => {
            said.value = { sentence: '', shown }
          }}
        >
          {sentence}
        </p>
      )}
    </div>
  )
}
