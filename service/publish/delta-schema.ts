import { ServiceError } from '../errors.ts'
import { deltaTypeOf, whyUnmappable } from './delta-type.ts'
import { type PhysicalNames, physicalName } from './physical-names.ts'

/** A column, or a part of one, as the catalog has it. */
export interface LakeColumn {
  readonly id: number
  readonly name: string
  /** What it was called when it was made. */
  readonly firstName: string
  /** DuckLake's name of the type. */
  readonly type: string
  readonly parts: readonly LakeColumn[]
  /** Why some file holds it in another way than its newest definition; goes on after its name. */
  readonly fault?: string | undefined
}

type DeltaType =
  | string
  | { readonly type: 'struct'; readonly fields: readonly DeltaField[] }
  | { readonly type: 'array'; readonly elementType: DeltaType; readonly containsNull: true }
  | { readonly type: 'map'; readonly keyType: DeltaType; readonly valueType: DeltaType; readonly valueContainsNull: true }

interface DeltaField {
  readonly name: string
  readonly type: DeltaType
  readonly nullable: true
  readonly metadata: { readonly 'delta.columnMapping.id': number; readonly 'delta.columnMapping.physicalName': string }
}

/** The columns as Delta's `schemaString`. Files are read by the ids of columns, which DuckLake writes into them: no rename changes one.
 * @throws ServiceError notPublishable that names each column which cannot be published */
export function schemaString(columns: readonly LakeColumn[], names: PhysicalNames): string {
  const faults: string[] = []
  const fields = columns.map(column => fieldOf(column, column.name, names, faults))
  if (faults.length > 0)
    throw new ServiceError('notPublishable', `${faults.join('. ')}. Name it in leaveOut to publish the others without it.`)
  if (columns.length === 0) throw new ServiceError('notPublishable', 'No column is left: Delta has no table without columns.')
  return JSON.stringify({ type: 'struct', fields })
}

/** Without the columns that are not to be published. */
export function withoutColumns(columns: readonly LakeColumn[], leaveOut: readonly string[]): LakeColumn[] {
  return columns.filter(({ name }) => !leaveOut.includes(name))
}

function fieldOf(column: LakeColumn, path: string, names: PhysicalNames, faults: string[]): DeltaField {
  if (column.fault !== undefined) faults.push(`The column ${path} ${column.fault}`)
  return {
    name: column.name,
    type: typeOf(column, path, names, faults),
    nullable: true,
    metadata: { 'delta.columnMapping.id': column.id, 'delta.columnMapping.physicalName': physicalName(names, column.id) },
  }
}

function typeOf({ type, parts }: LakeColumn, path: string, names: PhysicalNames, faults: string[]): DeltaType {
  const part = (index: number): DeltaType => {
    const found = parts[index]
    if (!found) return ''
    const name = `${path}.${found.name}`
    if (found.fault !== undefined) faults.push(`The column ${name} ${found.fault}`)
    return typeOf(found, name, names, faults)
  }
  switch (type) {
    case 'struct':
      return { type, fields: parts.map(each => fieldOf(each, `${path}.${each.name}`, names, faults)) }
    case 'list':
      return { type: 'array', elementType: part(0), containsNull: true }
    case 'map':
      return { type, keyType: part(0), valueType: part(1), valueContainsNull: true }
    default: {
      const known = deltaTypeOf(type)
      if (known === undefined) faults.push(`The column ${path} is of type ${type}, which ${whyUnmappable(type)}`)
      return known ?? ''
    }
  }
}
