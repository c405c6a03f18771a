-- What was asked: the history, and statements that go on after their request.
CREATE TABLE app.query (
  id uuid PRIMARY KEY,
  key_id text NOT NULL,
  -- Whether it goes on without its request.
  background boolean NOT NULL,
  sql text NOT NULL,
  params jsonb,
  as_of jsonb,
  -- What the key might read when it asked.
  grants jsonb,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  submitted_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  -- The process of the service that works on it, and when it last said so.
  process uuid,
  alive_at timestamptz,
  cancel_requested_at timestamptz,
  percent real,
  snapshot_id bigint,
  row_count bigint,
  columns jsonb,
  -- {"code", "detail", "position", "candidates"}
  error jsonb,
  -- Of the kept result; NULL if there is none, or none any more.
  result_bytes bigint,
  result_until timestamptz
);
CREATE INDEX query_by_key ON app.query (key_id, submitted_at DESC, id DESC);
CREATE INDEX query_by_time ON app.query (submitted_at DESC, id DESC);
CREATE INDEX query_unfinished ON app.query (alive_at) WHERE state IN ('queued', 'running');
CREATE INDEX query_kept ON app.query (result_until) WHERE result_bytes IS NOT NULL;
