-- Tables of the lake that others read through a transaction log of Delta's, which lists the lake's own files.
CREATE TABLE app.publication (
  -- Also the table's id in the log.
  id uuid PRIMARY KEY,
  table_id bigint NOT NULL UNIQUE,
  -- As the table was called when it was last published.
  schema_name text NOT NULL,
  table_name text NOT NULL,
  -- Where the log lies, within the place of all publications; it stays when the table gets another name.
  folder text NOT NULL UNIQUE,
  -- Columns that are not published.
  leave_out text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  -- The newest version of the log, the columns that it has as JSON, and the time it says; none before the first.
  version bigint,
  columns text,
  time_ms bigint,
  -- What the log calls the columns that there are and were, by their ids.
  physical_names json NOT NULL DEFAULT '{}',
  -- The lake's version up to which there was nothing else to publish.
  snapshot_id bigint,
  -- Why the last attempt failed.
  error jsonb
);

CREATE TABLE app.publication_version (
  publication_id uuid NOT NULL REFERENCES app.publication ON DELETE CASCADE,
  version bigint NOT NULL,
  snapshot_id bigint NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (publication_id, version)
);

-- A data file with the rows that are deleted in it, from the version that has it first to the one that does not have it any more.
CREATE TABLE app.publication_file (
  publication_id uuid NOT NULL REFERENCES app.publication ON DELETE CASCADE,
  data_file_id bigint NOT NULL,
  delete_file_id bigint,
  added_version bigint NOT NULL,
  removed_version bigint,
  -- Delta's action that added it.
  added text NOT NULL,
  PRIMARY KEY (publication_id, added_version, data_file_id)
);

CREATE INDEX publication_file_live ON app.publication_file (publication_id) WHERE removed_version IS NULL;
