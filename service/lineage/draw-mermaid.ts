import type { GraphNode, LineageGraph } from './lineage-graph.ts'

/** A graph as text that Markdown shows as a picture: tables are cylinders, jobs boxes, columns rounded. @see https://mermaid.js.org/syntax/flowchart.html */
export function drawMermaid({ root, nodes, edges }: LineageGraph): string {
  const names = new Map(nodes.map((node, index) => [node.id, `n${index}`]))
  const lines = nodes.map(node => `  ${names.get(node.id)}${shapeOf(node)}${node.id === root ? ':::asked' : ''}`)
  const arrows = edges.map(({ from, to, job }) => `  ${names.get(from)} -->${job === undefined ? '' : `|${label(job)}|`} ${names.get(to)}`)
  // The same graph is the same text.
  arrows.sort()
  return ['flowchart LR', ...lines, ...arrows, '  classDef asked stroke-width:3px', ''].join('\n')
}

function shapeOf(node: GraphNode): string {
  if (node.kind === 'dataset') return `[(${label(node.name)})]`
  return node.kind === 'job' ? `[${label(node.name)}]` : `(${label(`${node.name}.${node.column}`)})`
}

/** What Mermaid would take for its own is written as a number. */
function label(text: string): string {
  const safe = text.replace(/["#&<>\\`|\p{Cc}]/gu, letter => `#${letter.codePointAt(0)};`)
  return `"${safe}"`
}
