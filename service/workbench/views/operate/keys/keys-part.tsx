import { useState } from 'preact/hooks'
import { type Problem, toProblem } from '../../../api/ask.ts'
import { type Key, listKeys, revokeKey } from '../../../api/operate.ts'
import { say } from '../../../parts/announce.tsx'
import { ProblemBox } from '../../../parts/problem-box.tsx'
import { NeedsScope } from '../needs-scope.tsx'
import { useAnswer } from '../use-answer.ts'
import { KeyForm } from './key-form.tsx'
import { KeysTable } from './keys-table.tsx'
import { MadeKey } from './made-key.tsx'

/** Who may ask, and for what. */
export function KeysPart() {
  return (
    <NeedsScope scope="admin" what="Keys">
      <Keys />
    </NeedsScope>
  )
}

function Keys() {
  const { answer, problem, again } = useAnswer(listKeys, 'keys')
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<Key & { readonly key: string }>()
  const [refused, setRefused] = useState<Problem>()
  const revoke = async ({ id, name }: Key) => {
    setRefused(undefined)
    try {
      await revokeKey(id)
      say(`${name.slice(0, 60)} is revoked`)
    } catch (error) {
      setRefused(toProblem(error))
    }
    again()
  }
  return (
    <div class="sections">
      <section>
        <div class="section-head">
          <h2>Keys</h2>
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            New key
          </button>
        </div>
        {made && <MadeKey made={made} onSeen={() => setMade(undefined)} />}
        {problem && <ProblemBox problem={problem} onRetry={again} />}
        {refused && <ProblemBox problem={refused} />}
        {answer && <KeysTable keys={answer} onRevoke={revoke} />}
      </section>
      {making && (
        <KeyForm
          onClose={() => setMaking(false)}
          onMade={key => {
            setMaking(false)
            setMade(key)
            again()
          }}
        />
      )}
    </div>
  )
}
