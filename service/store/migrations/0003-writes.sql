-- Writes that came with an Idempotency-Key: a repetition gets the first one's answer.
CREATE TABLE app.write (
  -- The commit carries it.
  id uuid PRIMARY KEY,
  key_id text NOT NULL,
  idempotency_key text NOT NULL,
  -- SHA-256 of what was asked, with the body's.
  request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
  -- The process that works on it, by the name of its connection; NULL: none.
  process text,
  -- What connections that may still commit it are called, as LIKE takes it.
  engines text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  -- What was answered; NULL: not yet.
  answer jsonb,
  UNIQUE (key_id, idempotency_key)
);
CREATE INDEX write_by_time ON app.write (started_at);
