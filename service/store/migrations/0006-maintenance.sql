-- What was done to the lake's files: maintenance, backups, restore drills.
CREATE TABLE app.maintenance_run (
  id uuid PRIMARY KEY,
  task text NOT NULL,
  dry_run boolean NOT NULL DEFAULT false,
  -- {"table": {"schema", "name"}, "olderThanHours", …}
  options jsonb NOT NULL DEFAULT '{}',
  -- A key's id, or who else began it: schedule, backup, restore-drill.
  requested_by text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  -- What it did, or would do: files, bytes, snapshots.
  report jsonb,
  -- The lake's files, bytes, deleted rows and snapshots.
  size_before jsonb,
  size_after jsonb,
  snapshot_id bigint,
  -- {"code", "detail"}
  error jsonb
);
CREATE INDEX maintenance_run_by_time ON app.maintenance_run (started_at DESC, id DESC);
CREATE INDEX maintenance_run_success ON app.maintenance_run (task, ended_at DESC) WHERE state = 'succeeded' AND NOT dry_run;

-- Who needs files to stay: nothing is expired or removed meanwhile. It ends by itself, so that a backup that died holds up nothing.
CREATE TABLE app.maintenance_pause (
  id uuid PRIMARY KEY,
  reason text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  until timestamptz NOT NULL
);
