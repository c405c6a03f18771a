import { type Finding, fault, ok } from './finding.ts'

/** Beyond this, S3 refuses requests (at 15 minutes), keys and tokens expire early or late, and versions "as of" a time are others. */
const mostSeconds = 60

/** @param theirs the other clock, when it was asked @param ours this machine's at the same time */
export function checkClock(server: string, where: string, theirs: Date, ours: Date): Finding {
  const seconds = Math.round((ours.getTime() - theirs.getTime()) / 1_000)
  if (Math.abs(seconds) <= mostSeconds) return ok('clock', `It agrees with that of ${server}.`, where)
  return fault(
    'clock',
    `The clock of this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} that of ${server}.`,
    where,
    'Set whichever is wrong; chrony or systemd-timesyncd keep it right. From 15 minutes on S3 refuses every request.',
  )
}
