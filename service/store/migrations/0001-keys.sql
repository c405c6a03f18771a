-- Who may ask. A revoked key stays, so that the log's key ids keep their names.
CREATE TABLE app.key (
  id text PRIMARY KEY,
  -- SHA-256 of the whole key.
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  name text NOT NULL,
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'write', 'ddl', 'admin'] AND cardinality(scopes) > 0),
  -- [{"schema": "main", "table": "rides"}, {"schema": "open"}]; NULL: every table.
  grants jsonb,
  limits jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
