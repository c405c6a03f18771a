"""Runs Spark on a cluster and answers questions on standard input, a line of JSON each: {"sql": "…"} gives rows and seconds,
{"view": name, "format": "parquet" or "delta", "paths": […]} names what is there, {"copy": view, "to": path, "properties": {…}} writes it as a Delta table of Spark's own.
The first argument has the settings, as JSON."""

import json
import sys
import time

from pyspark.sql import SparkSession

builder = SparkSession.builder.appName("e2e")
for name, value in json.loads(sys.argv[1]).items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("ERROR")


def text(value):
    return value if value is None else str(value)


def answer(question):
    if "view" in question:
        spark.read.format(question["format"]).load(question["paths"]).createOrReplaceTempView(question["view"])
        return {"rows": []}
    if "copy" in question:
        spark.table(question["copy"]).write.format("delta").options(**question["properties"]).save(question["to"])
        return {"rows": []}
    started = time.monotonic()
    rows = [list(map(text, row)) for row in spark.sql(question["sql"]).collect()]
    return {"rows": rows, "seconds": time.monotonic() - started}


def executors():
    return spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1


for line in sys.stdin:
    try:
        print(json.dumps({**answer(json.loads(line)), "executors": executors()}), flush=True)
    except Exception as error:
        print(json.dumps({"error": str(error)[:2000]}), flush=True)
spark.stop()
