import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Json {
  readonly [name: string]: Json | undefined
}

/** Reads a log by the rules of Delta's protocol, and breaks off at the first that is broken.
 * @see https://github.com/delta-io/delta/blob/master/PROTOCOL.md
 * @returns for each version the paths of its live files and how many rows of each are deleted, and the snapshot that it is of */
export function readByTheRules(location: string) {
  const folder = join(location, '_delta_log')
  const names = readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
  const live = new Map<string, Json>()
  let features: readonly string[] = []
  let physical: readonly string[] = []
  let timeBefore = 0
  return names.map((name, version) => {
    rule(name === `${`${version}`.padStart(20, '0')}.json`, `${name} is not version ${version}: the log has a gap`)
    const actions: Json[] = readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    for (const action of actions) {
      const kinds = Object.keys(action)
      rule(kinds.length === 1, `an action of ${kinds}`)
      rule(['commitInfo', 'protocol', 'metaData', 'add', 'remove'].includes(kinds[0] ?? ''), `an action ${kinds}`)
    }
    const of = (kind: string) => actions.map(action => action[kind]).filter(part => part !== undefined)
    const [info] = of('commitInfo')
    rule(actions[0]?.commitInfo !== undefined, 'in-commit timestamps need commitInfo as the first action')
    const time = Number(info?.inCommitTimestamp)
    rule(time > timeBefore, `version ${version} is of ${time}, the one before of ${timeBefore}`)
    timeBefore = time
    const [protocol, metaData] = [of('protocol'), of('metaData')]
    rule(protocol.length <= 1 && (version > 0 || protocol.length === 1), 'one protocol at most, and one in the first version')
    const [featuresBefore, hasVectors] = [features, of('add').some(add => add.deletionVector !== undefined)]
    rule(metaData.length <= 1 && (version > 0 || metaData.length === 1), 'one metaData at most, and one in the first version')
    for (const { minReaderVersion, minWriterVersion, readerFeatures, writerFeatures } of protocol) {
      rule(Number(minReaderVersion) === 3 && Number(minWriterVersion) === 7, 'features need the versions 3 and 7')
      features = Object.values(readerFeatures ?? {}).map(String)
      rule(
        features.every(each =>
          Object.values(writerFeatures ?? {})
            .map(String)
            .includes(each),
        ),
        'each feature of readers is one of writers',
      )
    }
    rule(
      featuresBefore.every(each => features.includes(each)),
      'no feature goes',
    )
    const needed = featuresBefore.includes('deletionVectors') || hasVectors
    rule(features.includes('deletionVectors') === needed, 'vectors are a feature from the first one on')
    for (const { schemaString, configuration, format } of metaData) {
      rule(
        (configuration?.['delta.enableDeletionVectors'] !== undefined) === features.includes('deletionVectors'),
        'vectors are written where they are a feature',
      )
      rule(String(format?.provider) === 'parquet', 'files are Parquet')
      const ids: number[] = []
      physical = fieldsOf(JSON.parse(String(schemaString)), ids, '')
      rule(new Set(physical).size === physical.length, `physical names ${physical}`)
      rule(new Set(ids).size === ids.length, `ids ${ids}`)
      rule(Math.max(...ids) <= Number(configuration?.['delta.columnMapping.maxColumnId']), 'maxColumnId is the largest id')
      rule(String(configuration?.['delta.columnMapping.mode']) === 'id', 'columns are mapped by id')
    }
    const touched = new Set<string>()
    for (const remove of of('remove')) {
      const key = `${remove.path} ${JSON.stringify(remove.deletionVector)}`
      rule(live.has(String(remove.path)), `${remove.path} is removed and was not there`)
      rule(
        JSON.stringify(live.get(String(remove.path))?.deletionVector) === JSON.stringify(remove.deletionVector),
        'removed as it was added',
      )
      rule(!touched.has(key), `${key} is twice in one version`)
      touched.add(key)
      live.delete(String(remove.path))
    }
    for (const add of of('add')) {
      const path = String(add.path)
      rule(!live.has(path), `${path} is there twice`)
      rule(URL.canParse(path), `${path} is no URI`)
      rule(
        Number(add.size) > 0 && Number(add.modificationTime) > 0 && typeof add.dataChange === 'boolean',
        `${path} lacks what it must have`,
      )
      rule(Object.keys(add.partitionValues ?? { none: add }).length === 0, 'the table has no partitions')
      const stats = JSON.parse(String(add.stats))
      const { deletionVector: vector } = add
      rule(stats.tightBounds === (vector === undefined), 'bounds are tight where nothing is deleted')
      const named = [...Object.keys(stats.minValues), ...Object.keys(stats.maxValues), ...Object.keys(stats.nullCount)]
      rule(
        named.every(each => physical.includes(each)),
        `statistics of ${named}`,
      )
      if (vector) {
        rule(features.includes('deletionVectors'), 'deletion vectors are a feature')
        rule(String(vector.storageType) === 'i', 'it lies in the log')
        const letters = String(vector.pathOrInlineDv).length
        rule(letters === Math.ceil(Number(vector.sizeInBytes) / 4) * 5, `${letters} letters for ${vector.sizeInBytes} bytes`)
        rule(Number(vector.cardinality) > 0 && Number(vector.cardinality) <= stats.numRecords, `${vector.cardinality} rows are deleted`)
      }
      live.set(path, add)
    }
    const files = new Map([...live].map(([path, { deletionVector }]) => [path, Number(deletionVector?.cardinality ?? 0)]))
    return { version, files, snapshotId: String(JSON.parse(String(info?.userMetadata)).snapshotId) }
  })
}

/** @returns physical names at the top; notes all ids */
function fieldsOf(type: Json, ids: number[], path: string): string[] {
  if (typeof type !== 'object') return []
  const kind = String(type.type)
  if (kind === 'array') fieldsOf(type.elementType ?? type, ids, path)
  if (kind === 'map') for (const part of [type.keyType, type.valueType]) if (part) fieldsOf(part, ids, path)
  if (kind !== 'struct') return []
  return Object.values(type.fields ?? {}).map((field = {}) => {
    const { metadata } = field
    rule(String(field.nullable) === 'true' && metadata !== undefined, `the field ${path}${String(field.name)}`)
    ids.push(Number(metadata?.['delta.columnMapping.id']))
    if (field.type) fieldsOf(field.type, ids, `${path}${String(field.name)}.`)
    return String(metadata?.['delta.columnMapping.physicalName'])
  })
}

function rule(kept: boolean, broken: string): void {
  if (!kept) throw new Error(`against Delta’s protocol: ${broken}`)
}
