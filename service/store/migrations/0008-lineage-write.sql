-- The write that a run is an attempt of: its commit carries this id, whichever attempt made it.
ALTER TABLE app.lineage_run ADD COLUMN write_id uuid;
CREATE INDEX lineage_run_by_write ON app.lineage_run (write_id) WHERE write_id IS NOT NULL;
