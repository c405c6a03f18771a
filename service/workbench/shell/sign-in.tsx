import { useState } from 'preact/hooks'
import { type Problem, toProblem } from '../api/ask.ts'
import { whoAmI } from '../api/catalogue.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemBox } from '../parts/problem-box.tsx'
import { refusal, signIn } from '../session.ts'

/** The first thing that is seen without a key. */
export function SignIn() {
  return (
    <main class="sign-in">
      <div class="card">
        <h1>DuckLake</h1>
        <p>
          This lake is asked with a key. The line that <code>npm start</code> prints opens this page with it; otherwise paste it here.
        </p>
        <KeyForm />
        <p class="muted">
          It stays in this window and is gone with it. On the machine of an embedded lake it lies in <code>.lake/admin-key</code>; an
          administrator makes others: <code>POST /v1/keys</code>.
        </p>
      </div>
    </main>
  )
}

/** The key was revoked or has expired while the page was open: what is typed stays below. */
export function SignInAgain({ reason }: { readonly reason: string }) {
  return (
    <Dialog
      title="Another key is needed"
      onClose={() => {
        refusal.value = undefined
      }}
    >
      <p>{reason}</p>
      <p>Nothing that you typed is lost. Paste another key to go on.</p>
      <KeyForm />
    </Dialog>
  )
}

function KeyForm() {
  const [problem, setProblem] = useState<Problem>()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const enter = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await whoAmI(typed.trim())
      signIn(typed.trim())
    } catch (error) {
      setProblem(toProblem(error))
    }
    setBusy(false)
  }
  return (
    <form
      class="key-form"
      onSubmit={event => {
        event.preventDefault()
        enter()
      }}
    >
      <label>
        Key
        <input
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          placeholder="dl_…"
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={busy}>
        Sign in
      </button>
      {problem && <ProblemBox problem={problem} />}
    </form>
  )
}
