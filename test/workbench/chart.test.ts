import { describe, expect, it } from 'vitest'
import { chartFor } from '../../service/workbench/views/query/chart/chart-choice.ts'
import { chartData } from '../../service/workbench/views/query/chart/chart-data.ts'
import { binned } from '../../service/workbench/views/query/chart/histogram.ts'

const column = (name: string, type: string) => ({ name, type })
const [day, station, rides, fares] = [
  column('day', 'DATE'),
  column('station', 'VARCHAR'),
  column('rides', 'BIGINT'),
  column('fares', 'DECIMAL(18,2)'),
]

describe('what is drawn of a result at first', () => {
  it.each([
    ['names and figures', [station, rides], [['a', '1']], { kind: 'bar', x: 'station', y: ['rides'] }],
    ['times', [rides, day], [['1', '2026-06-01']], { kind: 'line', x: 'day', y: ['rides'] }],
    [
      'times that come twice',
      [day, station, rides],
      [
        ['2026-06-01', 'a', '1'],
        ['2026-06-01', 'b', '2'],
      ],
      { kind: 'line', x: 'day', y: ['rides'], by: 'station' },
    ],
    [
      'figures that grow',
      [rides, fares],
      [
        ['9', '5.00'],
        ['10', '1.00'],
      ],
      { kind: 'line', x: 'rides', y: ['fares'] },
    ],
    [
      'figures in any order',
      [rides, fares],
      [
        ['2', '5.00'],
        ['1', '1.00'],
      ],
      { kind: 'scatter', x: 'rides', y: ['fares'] },
    ],
    ['one column of figures', [rides], [['1']], { kind: 'histogram', x: '', y: ['rides'] }],
    ['no figures', [station], [['a']], undefined],
  ])('%s', (_, columns, rows, choice) => {
    expect(chartFor(columns, rows)).toEqual(choice)
  })

  it('is what was chosen, as long as the columns are there', () => {
    const chosen = { kind: 'line', x: 'station', y: ['rides', 'gone'], by: 'gone' } as const
    expect(chartFor([station, rides], [], chosen)).toEqual({ kind: 'line', x: 'station', y: ['rides'], by: undefined })
    expect(chartFor([day, rides], [], chosen)).toMatchObject({ x: 'day' })
  })
})

describe('the places and values of a chart', () => {
  it('give each series a value at each place, and say which rows are not drawn', () => {
    const rows = [
      ['2026-06-02', 'a', '2'],
      ['2026-06-01', 'a', '1'],
      ['2026-06-01', 'b', null],
      ['2026-06-02', 'a', '3'],
    ]
    expect(chartData({ kind: 'line', x: 'day', y: ['rides'], by: 'station' }, [day, station, rides], rows)).toEqual({
      axis: 'time',
      places: [1_780_272_000, 1_780_358_400],
      labels: ['2026-06-01', '2026-06-02'],
      series: [
        { label: 'a', values: [1, 3] },
        { label: 'b', values: [null, null] },
      ],
      left: ['1 rows have a place along the axis that another row has too: only the last one of each is drawn.'],
    })
  })

  it('show NULL and an empty text as what they are', () => {
    const { labels } = chartData(
      { kind: 'bar', x: 'station', y: ['rides'] },
      [station, rides],
      [
        [null, '1'],
        ['', '2'],
      ],
    )
    expect(labels).toEqual(['NULL', 'empty'])
  })

  it('keep every point of a cloud', () => {
    const rows = [
      ['2', '5'],
      ['1', '1'],
      ['2', '6'],
    ]
    expect(chartData({ kind: 'scatter', x: 'rides', y: ['fares'] }, [rides, fares], rows)).toMatchObject({
      places: [1, 2, 2],
      series: [{ values: [1, 5, 6] }],
    })
  })
})

describe('a histogram', () => {
  it('has bins between round numbers, which hold every row that has a number', () => {
    const { labels, series, left } = binned('fares', [fares], [['0.10'], ['0.30'], ['2.39'], [null], ['NaN']])
    expect(labels.slice(0, 2)).toEqual(['0.1 – 0.2', '0.2 – 0.3'])
    expect(labels.at(-1)).toBe('2.3 – 2.4')
    expect(series[0]?.values.flatMap((value, index) => (value ? [labels[index], value] : []))).toEqual([
      '0.1 – 0.2',
      1,
      '0.3 – 0.4',
      1,
      '2.3 – 2.4',
      1,
    ])
    expect(left).toEqual(['2 rows have no number there.'])
  })

  it('counts whole numbers one by one', () => {
    expect(binned('rides', [rides], [['3'], ['5'], ['5']])).toMatchObject({ labels: ['3', '4', '5'], series: [{ values: [1, 0, 2] }] })
  })
})
