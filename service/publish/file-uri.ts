/** A file of the lake as Delta's readers name it, with what means something in URIs written as %XX. Hadoop, and with it Spark, knows S3
 * as s3a; the others take both. @param path a whole one, or s3://bucket/key */
export function fileUri(path: string): string {
  const [, rest] = /^s3:\/\/(.*)$/.exec(path) ?? []
  return rest === undefined ? `file://${encoded(path)}` : `s3a://${encoded(rest)}`
}

function encoded(path: string): string {
  return path
    .split('/')
    .map(part => encodeURIComponent(part).replaceAll('%3D', '='))
    .join('/')
}
