/** Takes out of DuckDB's words what is nobody's business: connection strings, folders and addresses of the server. */
export function redact(text: string): string {
  return text
    .replace(/\b(host|hostaddr|port|user|password|dbname|sslmode)=('[^']*'|\S+)/gi, '$1=…')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replace(/(^|[\s"'(=])\/(?:[\w.@+-]+\/)+[\w.@+-]*/g, '$1…')
}
