import { say } from './announce.tsx'

/** Puts a text into the clipboard. @param said what to tell then */
export async function copyText(text: string | Promise<string>, said: string): Promise<void> {
  try {
    await write(text)
    say(said)
  } catch (error) {
    say(`Not copied: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function write(text: string | Promise<string>): Promise<void> {
  // Where the connection is not encrypted, browsers have the older way only.
  if (!('clipboard' in navigator) || navigator.clipboard === undefined) return writeByEvent(await text)
  if (typeof text === 'string') return navigator.clipboard.writeText(text)
  // The promise goes in as it is: a text that took a while would come too late for the click that asked for it.
  const blob = text.then(value => new Blob([value], { type: 'text/plain' }))
  return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
}

function writeByEvent(text: string): void {
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  document.addEventListener('copy', put, { capture: true, once: true })
  if (!document.execCommand('copy')) throw new Error('the browser does not allow it')
}
