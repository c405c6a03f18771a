-- Statements that run for their request are here too, once they last. Whose request it was, and which engine works on it, by the name of
-- its connections.
ALTER TABLE app.query ADD COLUMN request_id text, ADD COLUMN engine text;
