import { useState } from 'preact/hooks'
import type { PlanOperator } from '../../../api/plan.ts'
import { durationText, grouped } from '../../../format/numbers.ts'
import { Icon } from '../../../parts/icon.tsx'

/** A plan of up to so many steps is shown whole, of a longer one the levels down to this depth. */
const [wholeSteps, firstDepth] = [40, 3]

/** The steps of a plan, inputs below what takes them. Where they were measured, a bar says where the time went. */
export function PlanTree({ operators }: { readonly operators: readonly PlanOperator[] }) {
  const [closed, setClosed] = useState<ReadonlySet<number>>(() => closedAtFirst(operators))
  const measured = operators.some(({ seconds }) => seconds !== null)
  const all = operators.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0)
  const toggle = (index: number) => {
    const next = new Set(closed)
    if (!next.delete(index)) next.add(index)
    setClosed(next)
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <div class="plan-scroll" tabIndex={0} role="region" aria-label="Plan">
      <table class="plain plan-table">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">What</th>
            <th scope="col" class="number">
              Estimated rows
            </th>
            {measured && (
              <>
                <th scope="col" class="number">
                  Rows
                </th>
                <th scope="col">Time</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {visibleOf(operators, closed).map(index => (
            <Step
              key={index}
              operator={operators[index]}
              hasInputs={(operators[index + 1]?.depth ?? 0) > (operators[index]?.depth ?? 0)}
              open={!closed.has(index)}
              onToggle={() => toggle(index)}
              {...{ measured, all }}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface StepProps {
  readonly operator: PlanOperator | undefined
  readonly hasInputs: boolean
  readonly open: boolean
  readonly onToggle: () => void
  readonly measured: boolean
  /** Seconds of all steps together. */
  readonly all: number
}

function Step({ operator, hasInputs, open, onToggle, measured, all }: StepProps) {
  if (!operator) return null
  const { depth, name, details, estimatedRows, rows, seconds } = operator
  const share = all > 0 ? (seconds ?? 0) / all : 0
  return (
    <tr>
      <th scope="row">
        <span class="plan-name" style={{ paddingInlineStart: `${Math.min(depth, 30) * 16}px` }}>
          {hasInputs ? (
            <button type="button" class="quiet" aria-expanded={open} aria-label={`Inputs of ${name}`} onClick={onToggle}>
              <Icon name={open ? 'down' : 'right'} />
            </button>
          ) : (
            <span class="plan-leaf" />
          )}
          {name.replaceAll('_', ' ').toLowerCase()}
        </span>
      </th>
      <td>
        {Object.entries(details).map(([key, value]) => (
          <div key={key} class="plan-detail" dir="auto" title={`${key}: ${value}`}>
            <span class="muted">{key}</span> {value}
          </div>
        ))}
      </td>
      <td class="number">{estimatedRows === null ? '' : `~ ${grouped(Math.round(estimatedRows))}`}</td>
      {measured && (
        <>
          <td class="number">{rows === null ? '' : grouped(rows)}</td>
          <td>
            <span class="plan-time figures">
              <span class="plan-bar">
                <span style={{ width: `${Math.round(share * 100)}%` }} />
              </span>
              {durationText((seconds ?? 0) * 1_000)} · {Math.round(share * 100)} %
            </span>
          </td>
        </>
      )}
    </tr>
  )
}

function closedAtFirst(operators: readonly PlanOperator[]): ReadonlySet<number> {
  if (operators.length <= wholeSteps) return new Set()
  return new Set(operators.flatMap(({ depth }, index) => (depth >= firstDepth ? [index] : [])))
}

/** All that lies below no closed step. */
function visibleOf(operators: readonly PlanOperator[], closed: ReadonlySet<number>): number[] {
  let hiddenBelow = Number.POSITIVE_INFINITY
  return operators.flatMap(({ depth }, index) => {
    if (depth > hiddenBelow) return []
    hiddenBelow = closed.has(index) ? depth : Number.POSITIVE_INFINITY
    return [index]
  })
}
