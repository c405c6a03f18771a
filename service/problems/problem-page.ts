import { type ErrorCode, errors } from '../errors.ts'
import { problemAdvice } from './problem-advice.ts'

const ordinary = 'The problem’s detail says what is wrong, where, and what to do.'

/** The page that the `type` of a problem leads to. All of it is text of ours. */
export function problemPage(code: ErrorCode): string {
  const { status, title } = errors[code]
  const { caller, operator, page } = problemAdvice[code] ?? { caller: ordinary }
  const lines = [
    `<h1>${text(title)}</h1>`,
    `<p><code>${code}</code>, status ${status}</p>`,
    `<h2>If you have sent the request</h2><p>${text(caller)}</p>`,
    ...(operator === undefined ? [] : [`<h2>If you run the service</h2><p>${text(operator)}</p>`]),
    `<p>More is in <code>docs/${page ?? 'service.md#errors'}</code> of the program’s repository.</p>`,
  ]
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${code}</title>${lines.join('')}</html>`
}

function text(plain: string): string {
  return plain.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`)
}
