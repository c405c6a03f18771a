-- What stands for this lake in names that others see: one row.
CREATE TABLE app.lake (id uuid NOT NULL DEFAULT gen_random_uuid());
INSERT INTO app.lake DEFAULT VALUES;

-- OpenLineage's datasets and jobs. The id is made of namespace and name, so that whoever stores an event need not look it up.
CREATE TABLE app.lineage_dataset (
  id uuid PRIMARY KEY,
  namespace text NOT NULL,
  name text NOT NULL
);
CREATE TABLE app.lineage_job (
  id uuid PRIMARY KEY,
  namespace text NOT NULL,
  name text NOT NULL,
  type text
);

-- Which job read and wrote what, whenever: the graph.
CREATE TABLE app.lineage_edge (
  job_id uuid NOT NULL REFERENCES app.lineage_job (id) ON DELETE CASCADE,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  dataset_id uuid NOT NULL REFERENCES app.lineage_dataset (id),
  PRIMARY KEY (job_id, direction, dataset_id)
);
CREATE INDEX lineage_edge_by_dataset ON app.lineage_edge (dataset_id, direction, job_id);

-- Which column was made of which. The id is made of all of it.
CREATE TABLE app.lineage_column (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES app.lineage_job (id) ON DELETE CASCADE,
  dataset_id uuid NOT NULL REFERENCES app.lineage_dataset (id),
  field text NOT NULL,
  from_dataset_id uuid NOT NULL REFERENCES app.lineage_dataset (id),
  from_field text NOT NULL
);
CREATE INDEX lineage_column_by_dataset ON app.lineage_column (dataset_id);
CREATE INDEX lineage_column_by_source ON app.lineage_column (from_dataset_id);

-- Other names of a dataset, which its symlinks facet gave.
CREATE TABLE app.lineage_alias (
  id uuid PRIMARY KEY,
  dataset_id uuid NOT NULL REFERENCES app.lineage_dataset (id)
);

CREATE TABLE app.lineage_run (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES app.lineage_job (id),
  -- Of this service; else somebody told us of it.
  own boolean NOT NULL,
  -- The type of its last event.
  state text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  snapshot_id bigint,
  key_id text,
  request_id text,
  -- The process of the service that works on it, and when it last said so.
  process uuid,
  alive_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX lineage_run_by_job ON app.lineage_run (job_id, started_at DESC);
CREATE INDEX lineage_run_by_time ON app.lineage_run (started_at);
CREATE INDEX lineage_run_unfinished ON app.lineage_run (alive_at) WHERE own AND ended_at IS NULL;

-- Every event as it came or went: also the outbox.
CREATE TABLE app.lineage_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES app.lineage_run (id) ON DELETE CASCADE,
  type text NOT NULL,
  at timestamptz NOT NULL,
  own boolean NOT NULL,
  event jsonb NOT NULL,
  -- NULL: not for LINEAGE_URL. Parked: it refused the event, and `fault` is what it said.
  delivery text CHECK (delivery IN ('waiting', 'delivered', 'parked')),
  tries integer NOT NULL DEFAULT 0,
  fault text,
  UNIQUE (run_id, type, at)
);
-- A run of ours ends once.
CREATE UNIQUE INDEX lineage_event_terminal ON app.lineage_event (run_id) WHERE own AND type IN ('COMPLETE', 'FAIL', 'ABORT');
CREATE INDEX lineage_event_waiting ON app.lineage_event (id) WHERE delivery = 'waiting';

-- The process that sends, and until when it alone may: with two the events of a run could overtake each other.
CREATE TABLE app.lineage_sender (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  process uuid NOT NULL,
  until timestamptz NOT NULL
);
