import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { reservedForCodeMb } from '../../service/reserved-for-code.ts'

it('is what Node 24 maps for code, and nothing else', () => {
  const maps = `7fe56c000000-7fe58bdc0000 rwxp 00000000 00:00 0
7fe58c000000-7fe594000000 ---p 00000000 00:00 0
7fe5a990a000-7fe5aa10a000 rw-p 00000000 00:00 0
0074a000-03044000 r-xp 0034a000 fe:00 10019074                           /usr/local/bin/node
`
  expect(reservedForCodeMb(maps)).toBe(510)
})

it.skipIf(process.platform !== 'linux')('leaves the Node that runs here room to start in 128 MB of its own', () => {
  const limit = (128 + reservedForCodeMb()) * 1024
  expect(
    execFileSync('/bin/sh', ['-c', `ulimit -d ${limit} && exec "$@"`, 'sh', process.execPath, '-p', '6 * 7'], { encoding: 'utf8' }),
  ).toBe('42\n')
})
