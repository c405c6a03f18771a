/** The lines that the query service writes for its answers, without those to probes, which come every few seconds and are quick. */
export function requestLines(matchers: string): string {
  return `{${matchers}} |= \`"msg":"request"\` !~ \`"route":"/(livez|readyz)"\``
}
