import { useEffect, useRef, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import type { ChartKind } from './chart-choice.ts'
import type { ChartData } from './chart-data.ts'
import { type Colours, drawChart } from './draw-chart.ts'
import { figureText } from './figures.ts'

interface ChartCanvasProps {
  readonly kind: ChartKind
  readonly data: ChartData
  /** What it shows, in a sentence. */
  readonly label: string
}

/** The drawing, with what stands at the pointer or, with the arrow keys, at a place that is read aloud. */
export function ChartCanvas({ kind, data, label }: ChartCanvasProps) {
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | undefined>(undefined)
  const [pointed, setPointed] = useState<{ readonly at: number | null; readonly of: ChartData }>({ at: null, of: data })
  // A place of what was drawn before means nothing.
  const place = pointed.of === data ? pointed.at : null
  const setPlace = (at: number | null) => setPointed({ at, of: data })
  const colours = useRef<Colours>(noColours)
  const [, redraw] = useState(0)
  useEffect(() => {
    const element = host.current
    if (!element) return
    const draw = () => {
      chart.current?.destroy()
      colours.current = coloursOf(element)
      const { clientWidth: width, clientHeight: height } = element
      if (width > 0 && height > 0)
        chart.current = drawChart(element, { kind, data, colours: colours.current, width, height, onPlace: setPlace })
      redraw(performance.now())
    }
    const sizes = new ResizeObserver(draw)
    sizes.observe(element)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', draw)
    return () => {
      sizes.disconnect()
      dark.removeEventListener('change', draw)
      chart.current?.destroy()
      chart.current = undefined
    }
  }, [kind, data])

  const onKeyDown = (event: KeyboardEvent) => {
    const last = data.places.length - 1
    const to = {
      ArrowLeft: Math.max((place ?? 1) - 1, 0),
      ArrowRight: Math.min((place ?? -1) + 1, last),
      Home: 0,
      End: last,
    }[event.key]
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    const drawn = chart.current
    drawn?.setCursor({ left: drawn.valToPos(data.places[to] ?? 0, 'x'), top: drawn.over.clientHeight / 2 })
    setPlace(to)
  }

  return (
    <>
      <ul class="chart-legend" aria-live="polite">
        <li class="chart-place" dir="auto">
          {place === null ? 'Arrow keys or the pointer read values' : data.labels[place]}
        </li>
        {data.series.map(({ label: name, values }, index) => (
          <li key={name} dir="auto">
            <span class="swatch" style={{ background: colours.current.series[index] ?? '' }} />
            {name}
            {place !== null && <strong class="figures">{figureText(values[place])}</strong>}
          </li>
        ))}
      </ul>
      <div
        ref={host}
        class="chart-canvas"
        role="img"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read its values
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setPlace(null)}
      />
    </>
  )
}

const noColours: Colours = { text: '', line: '', series: [] }

/** A canvas takes no custom properties: they are asked for as colours. */
function coloursOf(element: HTMLElement): Colours {
  const probe = element.appendChild(document.createElement('i'))
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const colours = {
    text: colour('muted'),
    line: colour('border'),
    series: Array.from({ length: 8 }, (_, index) => colour(`series-${index + 1}`)),
  }
  probe.remove()
  return colours
}
