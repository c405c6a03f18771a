import { bytesText } from '../../format/numbers.ts'
import { cancel, type Sending } from './load-file.ts'

/** How far a file has gone out, and a way to stop. */
export function SendingLine({ sending: { what, sent, total } }: { readonly sending: Sending }) {
  const arrived = sent >= total
  return (
    <span class="progress">
      <progress
        aria-label={what === 'load' ? 'The file is loaded' : 'The file is looked at'}
        max={total}
        {...(!arrived && { value: sent })}
      />
      <span class="figures">
        {arrived
          ? what === 'load'
            ? 'It has arrived, its rows are written'
            : 'It is looked at'
          : `${bytesText(sent)} of ${bytesText(total)}`}
      </span>
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </span>
  )
}
