const oneCommit = 'one statement is one transaction and one commit'
const settings = 'settings and names are the engine’s, and the same for everybody'
const outside = 'it reaches files or servers outside of the lake'

/** Statements that never run, by their first word, and why. */
export const notRun: ReadonlyMap<string, string> = new Map([
  ...each(oneCommit, 'BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE'),
  ...each(settings, 'SET RESET USE PRAGMA VARIABLE'),
  ...each(outside, 'ATTACH DETACH COPY EXPORT IMPORT INSTALL LOAD UPDATE_EXTENSIONS FORCE'),
  ...each('nothing of that kind is needed: what it does, routes of the service do', 'CALL CHECKPOINT VACUUM ANALYZE'),
  ...each('statements are not kept: send the whole one, with params', 'PREPARE EXECUTE DEALLOCATE'),
  ...each('who may do what is said by keys', 'GRANT REVOKE'),
  ...each('ask for it with POST /v1/query', 'SELECT FROM VALUES TABLE DESCRIBE DESC SHOW SUMMARIZE PIVOT UNPIVOT'),
  ...each('a plan tells about the server', 'EXPLAIN'),
])

const temporary = 'what is temporary would be seen by the next caller of the engine, and be gone with it'

/** What CREATE may not make, and why. */
export const notCreated: ReadonlyMap<string, string> = new Map([
  ...each(temporary, 'TEMP TEMPORARY LOCAL GLOBAL'),
  ...each('a macro could take the place of a function that others use: make a view', 'MACRO FUNCTION'),
  ...each('a lake has no sequences: use uuid(), or row_number() in a query', 'SEQUENCE'),
  ...each('a lake has no indexes: ALTER TABLE … SET SORTED BY and SET PARTITIONED BY make reading fast', 'INDEX UNIQUE'),
  ...each('types of one’s own are read by DuckDB only', 'TYPE'),
  ...each('a secret is the engine’s, and the same for everybody', 'SECRET PERSISTENT'),
  ...each('a lake has none', 'TRIGGER MATERIALIZED RECURSIVE DATABASE UNLOGGED EXTERNAL'),
])

function each(reason: string, words: string): [string, string][] {
  return words.split(' ').map(word => [word, reason])
}
