-- Which of PGMQ's queues holds the rows that wait for a table: its names are short and know no dots or capitals.
CREATE TABLE app.queue (
  -- PGMQ's name; the messages that were put aside are in the queue of this name with _dlq behind it.
  name text PRIMARY KEY CHECK (length(name) <= 43),
  schema_name text NOT NULL,
  table_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Messages that came into the table, and when the last ones did.
  drained_count bigint NOT NULL DEFAULT 0,
  drained_at timestamptz,
  -- {"code", "detail", "since"}: why no message comes into the table; NULL if nothing is in the way.
  obstacle jsonb,
  -- {"write", "ids", "startedAt", "gateway", "engine"}: messages on their way into the table. Whoever goes on after a crash finds out first
  -- what became of them.
  batch jsonb
);
