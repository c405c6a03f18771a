import { elementScroll, observeElementOffset, observeElementRect, Virtualizer, type VirtualizerOptions } from '@tanstack/virtual-core'
import { useLayoutEffect, useReducer, useState } from 'preact/hooks'

type Given = Pick<
  VirtualizerOptions<HTMLElement, HTMLElement>,
  | 'count'
  | 'getScrollElement'
  | 'estimateSize'
  | 'horizontal'
  | 'overscan'
  | 'rangeExtractor'
  | 'scrollPaddingStart'
  | 'paddingStart'
  | 'scrollPaddingEnd'
>

/** What of many rows, or columns, is in sight. */
export function useVirtual(given: Given): Virtualizer<HTMLElement, HTMLElement> {
  const [, renderAgain] = useReducer((count: number) => count + 1, 0)
  const options = { observeElementRect, observeElementOffset, scrollToFn: elementScroll, ...given, onChange: () => renderAgain(undefined) }
  const [virtual] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options))
  virtual.setOptions(options)
  useLayoutEffect(() => virtual._didMount(), [])
  useLayoutEffect(() => virtual._willUpdate())
  return virtual
}
