import type { ComponentType } from 'preact'
import { replaceSearch, route } from '../../router.ts'
import { KeysPart } from './keys/keys-part.tsx'
import { LineagePart } from './lineage/lineage-part.tsx'
import { MaintenancePart } from './maintenance/maintenance-part.tsx'
import { NowPart } from './now/now-part.tsx'
import { isPart, type PartName, parts } from './parts.ts'
import { SlowPart } from './slow-part.tsx'
import { StoragePart } from './storage-part.tsx'

const components: Readonly<Record<PartName, ComponentType>> = {
  now: NowPart,
  slow: SlowPart,
  storage: StoragePart,
  maintenance: MaintenancePart,
  keys: KeysPart,
  lineage: LineagePart,
}

/** How the lake is doing, and what can be done about it. */
export function OperateView() {
  const named = route.value.search.get('part')
  const part = isPart(named) ? named : 'now'
  const Part = components[part]
  const names = Object.keys(parts).filter(isPart)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const next = step === undefined ? undefined : names[(names.indexOf(part) + step + names.length) % names.length]
    if (!next) return
    replaceSearch({ part: next })
    queueMicrotask(() => document.getElementById(`part-${next}`)?.focus())
    event.preventDefault()
  }
  return (
    <section class="operate-view" aria-label="Operate">
      <div class="result-tabs" role="tablist" aria-label="What to look at">
        {names.map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`part-${name}`}
            aria-selected={name === part}
            aria-controls="operate-part"
            tabIndex={name === part ? 0 : -1}
            onClick={() => replaceSearch({ part: name })}
            onKeyDown={onKeyDown}
          >
            {parts[name]}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <div class="operate-part" role="tabpanel" id="operate-part" aria-labelledby={`part-${part}`} tabIndex={0}>
        <Part key={part} />
      </div>
    </section>
  )
}
