import { describe, expect, it } from 'vitest'
import { checkLogql } from '../../constructs/logql/check-logql.ts'

describe('a LogQL query', () => {
  it.each([
    ['{app="loki"} |= "error"'],
    [`{app=~"$app", level=~"\${level:regex}"} |~ "took [0-9]+ s" | json | status >= 500`],
    ['sum by (level) (count_over_time({app="loki"}[$__auto]))'],
    ['{app="a"} | json x="a.b_c[0].d", y="[\\"odd name\\"].id", z=`a["b"]`'],
    ['sum by (route) (rate({app="api"} | json | __error__="" [$__range]))'],
    ['sum(count_over_time({app="api"} | json status="res.statusCode" | status >= 500 | __error__="" [$__interval]))'],
    ['quantile_over_time(0.95, {app="db"} | regexp "took (?P<ms>[0-9.]+) ms" | unwrap ms | __error__="" [5m]) by (database)'],
    ['label_replace(sum(rate({app="a"}[1m])), "x", "$1", "app", "(.*)")'],
    ['sum(rate({app="", namespace!=""}[1m]))'],
    ['sum by (app) (rate({app!~".*b|"}[1m]))'],
  ])('that is right: %s', query => {
    expect(checkLogql(query, 'panel')).toEqual([])
  })

  it.each([
    ['{app="loki"', "LogQL's grammar stops at its end: mend what stands there."],
    ['{app="a"} | jsonn', "LogQL's grammar stops at its end: mend what stands there."],
    // The variable's replacement moves no place.
    ['rate({app="a"}[$__auto]) ! 5', "LogQL's grammar stops at character 26 (! 5): mend what stands there."],
    ['rate({app="a"})', "LogQL's grammar stops at character 15 ()): mend what stands there."],
    ['{app="a"} |~ "a(b"', /^at character 14 \("a\(b"\): the regular expression is none that Go reads \(.+\): mend it\.$/],
    ['{app="a"} !~ "fine" or "(?=a)"', /^at character 24 \("\(\?=a\)"\): the regular expression is none that Go reads/],
    ['{app=~"a["}', /^at character 7 .* is none that Go reads/],
    ['{app="a"} | json | b=~"*"', /^at character 23 .* is none that Go reads/],
    ['{app="a"} | regexp "(?P<x>"', /^at character 20 .* is none that Go reads/],
    ['label_replace(sum(rate({app="a"}[1m])), "x", "$1", "y", "(")', /^at character 57 .* is none that Go reads/],
    ['{app="a"} | regexp "x(y)"', /^at character 20 .* the regexp stage captures nothing: name a group/],
    ['{app="a"} |~ "\\d"', 'at character 14 ("\\d"): the string has an escape that LogQL has not: put the expression in backticks.'],
    [
      '{service_name="a"}',
      /^at character 2 \(service_name="a"\}\): no stream has the label service_name: use one of namespace, pod, .*\.$/,
    ],
    ['{app=~".*"}', /^at character 1 \(\{app=~"\.\*"\}\): the selector takes every stream: name a label that must have a value/],
    ['{app="", level!="debug", pod!~"x.*"}', /^at character 1 .* the selector takes every stream/],
    [
      'sum(rate({app="a"} | json [1m]))',
      /^at character 22 \(json \[1m\]\)\)\): one line that is no JSON fails the whole query: put `\| __error__=""` after it\.$/,
    ],
    // Before the stage it drops nothing.
    ['sum(rate({app="a"} | __error__="" | json [1m]))', /one line that is no JSON/],
    ['sum(rate({app="a"} | logfmt [1m]))', /one line that is no logfmt/],
    [
      'sum(rate({app="a"} | json s="r.s" | __error__="" | s >= 500 [1m]))',
      /^at character 52 .* one line whose label is empty or no number/,
    ],
    ['sum(rate({app="a"} | json s="r.s" | __error__="" | s!="" | s > 5s [1m]))', /one line whose label is empty or no duration/],
    ['sum(rate({app="a"} | size > 5KB [1m]))', /one line whose label is empty or no size/],
    [
      'sum(sum_over_time({app="a"} | json | __error__="" | unwrap x [1m]))',
      /^at character 53 \(unwrap x \[1m\]\)\)\): one line whose label is empty or no number/,
    ],
    ['{app="a"} | json x="a..b"', /^at character 20 \("a\.\.b"\): this is no place in JSON/],
    ['{app="a"} | json x="a", y="b[c]"', /^at character 27 .* this is no place in JSON/],
    ['sum(rate({app="a"}[5m ]))', /^at character 19 \(\[5m \]\)\)\): no space goes into a range: write `\[5m\]`\.$/],
    [
      'count_over_time({app="a"}[1m])',
      /^at character 1 .*: every field of every line makes a series of its own: write `sum by \(…\)` directly around it\.$/,
    ],
    ['count(count_over_time({app="a"}[1m]))', /^at character 7 .* `sum by \(…\)` directly around it/],
    ['sum without (pod) (rate({app="a"}[1m]))', /^at character 20 .* `sum by \(…\)` directly around it/],
    ['max by (app) (max_over_time({app="a"} | unwrap x | __error__="" [1m]))', /^at character 15 .* `by \(…\)` directly behind it/],
    ['sum(max_over_time({app="a"} | unwrap x | __error__="" [1m]))', /^at character 5 .* `by \(…\)` directly behind it/],
  ])('that is wrong: %s', (query, sentence) => {
    expect(checkLogql(query, 'panel')).toEqual([typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)])
  })

  it('tells of every mistake, in the order of the text', () => {
    const sentences = checkLogql('sum(rate({app=~".*"} |~ "(" | json [1m]))', 'panel')
    expect(sentences.map(sentence => sentence.slice(0, 15))).toEqual(['at character 10', 'at character 25', 'at character 31'])
  })
})

describe('the query of an alert', () => {
  it.each([
    ['sum by (app) (count_over_time({level="fatal"}[5m])) > 3'],
    ['absent_over_time({app=~".+"}[15m])'],
    ['sum(rate({app="a"}[5m])) / sum(rate({app="b"}[5m])) > 0.1 and sum(rate({app="a"}[5m])) > 3'],
  ])('that is right: %s', query => {
    expect(checkLogql(query, 'alert')).toEqual([])
  })

  it.each([
    ['{app="a"} |= "deadlock detected"', /^at character 1 .* the query gives lines and a rule needs a number/],
    ['sum(count_over_time({app="a"}[5m]))', /^at character 1 .* the alert has no threshold/],
    ['sum(count_over_time({app="a"}[5m])) > bool 3', /^at character 39 \(bool 3\): with `bool` there is always a result/],
  ])('that is wrong: %s', (query, sentence) => {
    expect(checkLogql(query, 'alert')).toEqual([expect.stringMatching(sentence)])
  })

  it('and a recording rule needs a number but no threshold', () => {
    expect(checkLogql('sum(count_over_time({app="a"}[5m]))', 'recording')).toEqual([])
    expect(checkLogql('{app="a"}', 'recording')).toEqual([expect.stringMatching(/a rule needs a number/)])
  })
})
