-- People and programs that keys belong to. A key may belong to nobody.
CREATE TABLE app.user (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  email text,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- From then on none of its keys is taken.
  disabled_at timestamptz
);
CREATE UNIQUE INDEX user_email ON app.user (lower(email));
CREATE INDEX user_by_name ON app.user (name, id);
ALTER TABLE app.key ADD COLUMN user_id uuid REFERENCES app.user (id);
CREATE INDEX key_by_user ON app.key (user_id);
CREATE INDEX key_by_time ON app.key (created_at, id);

-- Values that differ from the defaults in the code.
CREATE TABLE app.setting (
  name text PRIMARY KEY,
  value jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL
);
-- NULL: the default.
CREATE TABLE app.setting_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  old jsonb,
  new jsonb
);
CREATE INDEX setting_change_by_name ON app.setting_change (name, id);

-- What the history holds beside queries: statements that change something, and rows that were sent.
ALTER TABLE app.query ADD COLUMN kind text NOT NULL DEFAULT 'query';
