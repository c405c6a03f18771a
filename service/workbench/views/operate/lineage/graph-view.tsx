import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { LineageGraph } from '../../../api/operate.ts'
import { count } from '../../../format/numbers.ts'
import { layoutGraph, nodeSize, type PlacedNode } from './layout-graph.ts'

interface GraphViewProps {
  readonly graph: LineageGraph
  /** Shows the graph of another dataset. @param namespace missing for one of this lake */
  readonly onShow: (dataset: string, namespace?: string) => void
}

/** A graph as boxes and lines, from left to right as data flows. Boxes are buttons in the order of the columns: the keyboard has all of them. */
export function GraphView({ graph, onShow }: GraphViewProps) {
  const { nodes, edges, width, height } = useMemo(() => layoutGraph(graph), [graph])
  const box = useRef<HTMLElement>(null)
  const root = graph.nodes.find(({ id }) => id === graph.root)
  const rootAt = nodes.find(({ node }) => node.id === graph.root)
  useEffect(() => {
    if (!box.current || !rootAt) return
    box.current.scrollTo(
      rootAt.x + nodeSize.width / 2 - box.current.clientWidth / 2,
      rootAt.y + nodeSize.height / 2 - box.current.clientHeight / 2,
    )
  }, [graph])
  const [datasets, jobs] = ['dataset', 'job'].map(kind => graph.nodes.filter(each => each.kind === kind).length)
  return (
    <>
      <p class="muted">
        {count(datasets ?? 0, 'dataset')} and {count(jobs ?? 0, 'job')}, data flows from left to right.
        {graph.truncated && ' There is more than is shown.'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <section ref={box} class="graph" tabIndex={0} aria-label={`Lineage of ${root?.name.slice(0, 120) ?? 'the table'}`}>
        <div style={{ width: `${width}px`, height: `${height}px` }}>
          <svg width={width} height={height} aria-hidden="true">
            <defs>
              <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path d="M0 0L8 4L0 8z" />
              </marker>
            </defs>
            {edges.map((path, index) => (
              <path key={index} d={path} marker-end="url(#arrow)" />
            ))}
          </svg>
          {[...nodes]
            .sort((a, b) => a.x - b.x || a.y - b.y)
            .map(placed => (
              <GraphNode
                key={placed.node.id}
                placed={placed}
                isRoot={placed.node.id === graph.root}
                onShow={() => onShow(placed.node.name, placed.node.namespace === root?.namespace ? undefined : placed.node.namespace)}
              />
            ))}
        </div>
      </section>
    </>
  )
}

interface GraphNodeProps {
  readonly placed: PlacedNode
  readonly isRoot: boolean
  readonly onShow: () => void
}

function GraphNode({ placed: { node, x, y }, isRoot, onShow }: GraphNodeProps) {
  const { kind, name, namespace, lastRun } = node
  const more =
    kind === 'job'
      ? [lastRun?.state.toLowerCase(), lastRun?.snapshotId && `version ${lastRun.snapshotId}`].filter(Boolean).join(', ')
      : namespace.startsWith('ducklake://')
        ? ''
        : namespace
  const place = { left: `${x}px`, top: `${y}px` }
  const title = `${name}\n${namespace}`.slice(0, 1_000)
  const text = (
    <>
      <span class="graph-name" dir="auto">
        {name.replace(/^main\./, '').slice(0, 200)}
      </span>
      {more !== '' && <span class="muted">{more.slice(0, 100)}</span>}
    </>
  )
  if (kind === 'dataset')
    return (
      <button type="button" class={`graph-node ${isRoot ? 'root' : ''}`} style={place} title={title} onClick={onShow}>
        {text}
      </button>
    )
  return (
    <div class={`graph-node job ${lastRun?.state === 'FAIL' ? 'failed' : ''}`} style={place} title={title}>
      {text}
    </div>
  )
}
