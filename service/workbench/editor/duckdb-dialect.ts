import { SQLDialect } from '@codemirror/lang-sql'

/** What a person writes to this lake; PostgreSQL's own list, of 700 words, would be offered with each of them. */
const keywords =
  'add all alter and anti any as asc asof at begin between by case cast check collate column comment constraint create cross cube current_date ' +
  'current_time current_timestamp default delete desc describe distinct do drop else end escape except exclude exists explain extract false ' +
  'fetch filter first following for from full glob group grouping having if ignore ilike in inner insert intersect interval into is isnull join ' +
  'key last lateral left like limit macro matched materialized merge name natural not notnull null nulls offset on or order outer over overlaps ' +
  'partition pivot positional preceding primary qualify range recursive rename replace respect returning right rollup row rows sample schema ' +
  'select semi set sets show similar some summarize symmetric table tables then timestamp to trailing true truncate try_cast unbounded union ' +
  'unique unnest unpivot update using values version view when where window with within without'
const types =
  'array bigint bignum bit blob bool boolean char date decimal double float hugeint int integer interval list map numeric real smallint struct ' +
  'text time timestamp timestamp_ms timestamp_ns timestamp_s timestamptz tinyint ubigint uhugeint uinteger union usmallint utinyint uuid varchar'
const functions =
  'abs any_value approx_count_distinct approx_quantile arg_max arg_min array_agg avg bool_and bool_or ceil coalesce concat concat_ws contains ' +
  'corr count count_if date_diff date_part date_sub date_trunc dayname dense_rank epoch extract first first_value floor format generate_series ' +
  'greatest histogram ifnull lag last last_value lead least left length like list list_contains list_distinct list_filter list_sort ' +
  'list_transform ln log lower lpad ltrim max median min mode monthname now ntile nullif percent_rank product quantile quantile_cont range rank ' +
  'regexp_extract regexp_extract_all regexp_matches regexp_replace repeat replace reverse right round row_number rpad rtrim split sqrt ' +
  'starts_with stddev strftime string_agg string_split strptime substring sum time_bucket trim try_cast typeof unnest upper variance year month day hour'

/** SQL as DuckDB has it: names without regard to case, $$texts$$, $parameters. */
export const duckdbDialect = SQLDialect.define({
  keywords,
  types,
  operatorChars: '+-*/<>=~!@#%^&|`?',
  builtin: functions,
  caseInsensitiveIdentifiers: true,
  doubleDollarQuotedStrings: true,
  specialVar: '$?',
})

export const functionNames: readonly string[] = functions.split(' ')
