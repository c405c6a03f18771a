-- Whether a log says that it has deletion vectors: readers pay for that, so it says so from the first one on. Logs of before all say so.
ALTER TABLE app.publication ADD COLUMN deletion_vectors boolean NOT NULL DEFAULT true;
ALTER TABLE app.publication ALTER COLUMN deletion_vectors SET DEFAULT false;
