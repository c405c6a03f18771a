import type { Problem } from '../api/ask.ts'

/** Rows that do not fit, by line, column and value; the first of them. */
export function RejectedRows({ errors, count }: { readonly errors: NonNullable<Problem['errors']>; readonly count: number }) {
  return (
    <table class="plain">
      <caption>{count > errors.length ? `The first ${errors.length} of ${count} rows that do not fit` : 'Rows that do not fit'}</caption>
      <thead>
        <tr>
          <th>Line</th>
          <th>Column</th>
          <th>Value</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        {errors.map(({ line, column, value, reason }) => (
          <tr key={`${line} ${column ?? ''}`}>
            <td class="number">{line}</td>
            <td>{column}</td>
            <td>
              <code>{value}</code>
            </td>
            <td>{reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
