"""Answers questions about a Delta table on standard input, a line of JSON each, with delta-rs: {"version": N or null, "sql": "… FROM t"}."""

import json
import sys

from deltalake import DeltaTable, QueryBuilder

location, options = sys.argv[1], json.loads(sys.argv[2])


def answer(question):
    table = DeltaTable(location, version=question["version"], storage_options=options)
    result = QueryBuilder().register("t", table).execute(question["sql"]).read_all()
    columns = [result.column(name).to_pylist() for name in result.schema.names]
    return {"version": table.version(), "rows": [list(map(text, row)) for row in zip(*columns)]}


def text(value):
    return value if value is None else str(value)


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:
        print(json.dumps({"error": str(error)}), flush=True)
