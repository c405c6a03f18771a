import type { Message } from './run.ts'

/** What was run in this tab, newest first. */
export function Messages({ messages }: { readonly messages: readonly Message[] }) {
  if (messages.length === 0) return <p class="muted empty-line">Nothing was run here yet.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <ol class="messages" tabIndex={0}>
      {messages.map(({ at, sql, outcome, problem }) => (
        <li key={at.getTime()} class={problem ? 'bad' : ''}>
          <time dateTime={at.toISOString()}>{at.toLocaleTimeString()}</time>
          <strong>{outcome}</strong>
          <code>{sql.length > 200 ? `${sql.slice(0, 200)}…` : sql}</code>
        </li>
      ))}
    </ol>
  )
}
