import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** Which Loki is asked, chosen in the dashboard's first field. */
export const loki = { type: 'loki', uid: '$datasource' }

export function chooseLoki(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Loki').type('loki')
}

/** Values of a label to choose from, all of them at first. */
export function chooseLabel(
  label: string,
  {
    of = '',
    orWithout = false,
  }: {
    /** Selector of the streams that are looked at. */ readonly of?: string /** Whether streams without the label are among "all". */
    readonly orWithout?: boolean
  } = {},
): QueryVariableBuilder {
  return new QueryVariableBuilder(label)
    .label(label)
    .datasource(loki)
    .query(of ? `label_values(${of}, ${label})` : `label_values(${label})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(orWithout ? '.*' : '.+')
    .current({ text: 'All', value: '$__all', selected: true })
}

export function typeText(name: string, label: string, value: string): TextBoxVariableBuilder {
  return new TextBoxVariableBuilder(name).label(label).defaultValue(value).current({ text: value, value, selected: true })
}
