import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
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

it('what checkers of manifests may find is of objects that are there, each with a reason', () => {
  const objects = [...readCommitted({ root: process.cwd(), dist: 'dist' })]
    .filter(([path]) => path.endsWith('.k8s.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text))
    .map(document => `${document.get('kind')}/${document.getIn(['metadata', 'name'])}`)
  const accepted = readFileSync('docs/accepted-findings.txt', 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
  expect(accepted.length).toBeGreaterThan(0)
  for (const line of accepted) {
    const [object = '', check = '', ...reason] = line.split(' ')
    expect(objects, line).toContain(object)
    expect(check, line).toMatch(/^(pss|kube-score)\/[a-z-]+$/)
    expect(reason.length, line).toBeGreaterThan(4)
  }
  expect(new Set(accepted).size).toBe(accepted.length)
})
