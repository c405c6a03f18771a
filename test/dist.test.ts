import { expect, it } from 'vitest'
import { buildAll } from '../constructs/commands/build-all.ts'
import { readCommitted } from '../constructs/commands/committed-files.ts'
import { dev, production } from '../constructs/environments.ts'
import { deployment } from '../main.ts'

it('what is committed is what the constructs make, and nothing else lies beside it', () => {
  const rendered = buildAll({ dev, production }, deployment).flatMap(app => app.render())
  const committed = readCommitted({ root: process.cwd(), dist: 'dist' })
  expect(Object.fromEntries(committed), 'run "npm run synth" and commit its output').toEqual(
    Object.fromEntries(rendered.map(file => [file.path, file.text])),
  )
})
