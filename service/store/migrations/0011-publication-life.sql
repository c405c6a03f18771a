-- How publications end, and what of them is still needed.
ALTER TABLE app.publication
  -- Since when the table is known to be gone.
  ADD COLUMN gone_at timestamptz,
  -- Its log is being removed: nothing is published any more, and whoever comes by completes it.
  ADD COLUMN withdrawing boolean NOT NULL DEFAULT false,
  -- Delta's newest metaData, as it stands in the log.
  ADD COLUMN metadata text;

CREATE INDEX publication_file_removed ON app.publication_file (publication_id, removed_version) WHERE removed_version IS NOT NULL;
