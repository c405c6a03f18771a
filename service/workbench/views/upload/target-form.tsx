import { catalogue } from '../../catalogue/catalogue.ts'
import { bytesText } from '../../format/numbers.ts'
import { takeFile } from '../../parts/drop-anywhere.tsx'
import { FileButton } from '../../parts/file-button.tsx'
import { CsvFields } from './csv-fields.tsx'
import { type Draft, obstacle } from './draft.ts'
import { fileFormats, formatNamed } from './format-of.ts'
import { changeDraft, forgetFile, sending } from './load-file.ts'

/** Letters of a name that is only shown. */
const maxShown = 120

/** Which file, as what, into which table. */
export function TargetForm({ draft }: { readonly draft: Draft }) {
  const { file, format, mode, packed } = draft
  const busy = sending.value?.what === 'load'
  return (
    <form class="target-form" onSubmit={event => event.preventDefault()}>
      <div class="file-line">
        <strong dir="auto" title={file.name}>
          {file.name.length > maxShown ? `${file.name.slice(0, maxShown)}…` : file.name}
        </strong>
        <span class="muted">
          {bytesText(file.size)}
          {packed && ', packed with gzip'}
        </span>
        <span class="space" />
        <FileButton label="Another file" onFile={takeFile} />
        <button type="button" onClick={forgetFile}>
          Forget it
        </button>
      </div>
      <fieldset class="fields" disabled={busy}>
        <legend class="unseen">Where the rows go</legend>
        <label>
          Format
          <select
            value={format?.name ?? ''}
            aria-invalid={!format}
            aria-describedby="format-wrong"
            onChange={({ currentTarget }) => changeDraft({ format: formatNamed(currentTarget.value) })}
          >
            {!format && <option value="">Choose one</option>}
            {fileFormats.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <span id="format-wrong" class="field-wrong" role="status">
          {!format && obstacle.value}
        </span>
        <label>
          Into
          <select
            value={mode}
            onChange={({ currentTarget: { value } }) =>
              changeDraft(value === 'append' ? { mode: 'append' } : { mode: 'create', types: {} })
            }
          >
            <option value="create">a new table</option>
            <option value="append">a table that is there</option>
          </select>
        </label>
        {mode === 'create' ? <NewTable draft={draft} /> : <KnownTable draft={draft} />}
        {format?.kind === 'csv' && <CsvFields csv={draft.csv} />}
      </fieldset>
    </form>
  )
}

function NewTable({ draft: { schema, table, format } }: { readonly draft: Draft }) {
  const schemas = [...new Set(['main', ...(catalogue.value?.tables ?? []).map(each => each.schema), schema])]
  const wrong = format && obstacle.value
  return (
    <>
      {schemas.length > 1 && (
        <label>
          Schema
          <select value={schema} onChange={({ currentTarget }) => changeDraft({ schema: currentTarget.value })}>
            {schemas.map(each => (
              <option key={each} value={each}>
                {each.slice(0, maxShown)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        Name
        <input
          value={table}
          spellcheck={false}
          dir="auto"
          aria-invalid={wrong !== undefined}
          aria-describedby="name-wrong"
          onInput={({ currentTarget }) => changeDraft({ table: currentTarget.value })}
        />
      </label>
      <span id="name-wrong" class="field-wrong" role="status">
        {wrong}
        {wrong?.includes('already') && (
          <button type="button" class="link" onClick={() => changeDraft({ mode: 'append' })}>
            Add the rows to it
          </button>
        )}
      </span>
    </>
  )
}

function KnownTable({ draft: { schema, table } }: { readonly draft: Draft }) {
  const tables = (catalogue.value?.tables ?? []).filter(({ kind }) => kind === 'table')
  const here = tables.findIndex(each => each.schema === schema && each.name === table)
  return (
    <label>
      Table
      <select
        value={String(here)}
        onChange={({ currentTarget: { value } }) => {
          const found = tables[Number(value)]
          if (found) changeDraft({ schema: found.schema, table: found.name })
        }}
      >
        {here < 0 && <option value="-1">Choose one</option>}
        {tables.map(({ schema: of, name }, index) => (
          <option key={`${of}.${name}`} value={String(index)}>
            {`${of === 'main' ? '' : `${of}.`}${name}`.slice(0, maxShown)}
          </option>
        ))}
      </select>
    </label>
  )
}
