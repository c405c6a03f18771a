/** Reports of PostgreSQL as CloudNativePG prints them: it reads the server's CSV and wraps each in JSON. */
export function recordsOf(reports: readonly string[]): readonly string[] {
  return reports.map(report => {
    const [, time, pid, code, backend, user, database, from, application, severity, rest = ''] =
      /^(.{23} UTC) \[(\d+)\] (\w{5}) ([a-z ]+?) (?:\[user=(.*?),db=(.*?),host=(.*?),app=(.*?)\]\t)?([A-Z]+): {2}(.*)$/s.exec(report) ?? []
    // Each further part repeats the whole prefix.
    const [message = '', ...parts] = rest.split(
      /\n\d{4}-\d\d-\d\d [\d:.]+ UTC \[\d+\] [^\t\n]*?\t?(?=(?:DETAIL|HINT|QUERY|CONTEXT|STATEMENT): {2})/,
    )
    const part = (title: string) => parts.find(text => text.startsWith(`${title}:  `))?.slice(title.length + 3)
    const record = {
      log_time: time,
      process_id: pid,
      sql_state_code: code,
      backend_type: backend,
      ...(user !== undefined && { user_name: user, database_name: database, connection_from: from, application_name: application }),
      error_severity: severity,
      message,
      detail: part('DETAIL'),
      hint: part('HINT'),
      context: part('CONTEXT'),
      query: part('STATEMENT'),
    }
    return JSON.stringify({
      level: 'info',
      ts: '2026-11-26T01:00:00Z',
      logger: 'postgres',
      msg: 'record',
      logging_pod: 'postgres-1',
      record,
    })
  })
}
