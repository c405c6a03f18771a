import { expect, it } from 'vitest'
import { buildAll } from '../constructs/commands/build-all.ts'
import { readCommitted } from '../constructs/commands/committed-files.ts'
import { renderAll } from '../constructs/commands/render-all.ts'
import { dev, production } from '../constructs/environments.ts'
import { deployment } from '../main.ts'

it('what is committed is what the constructs make, and nothing else lies beside it', () => {
  const rendered = renderAll(buildAll({ dev, production }, deployment))
  const committed = readCommitted({ root: process.cwd(), dist: 'dist' })
  expect(Object.fromEntries(committed), 'run "npm run synth" and commit its output').toEqual(
    Object.fromEntries(rendered.map(file => [file.path, file.text])),
  )
})
