/** Every setting: its environment variable, default, bounds and why it exists. docs/service.md lists the same, held to it by a test. */
export const textSettings = {
  HOST: {
    default: '127.0.0.1',
    why: 'Address to listen on. Only this machine may ask by default, because whoever has the key may read every table.',
  },
  LAKE_DIR: { default: '.lake', why: 'Folder of the embedded lake: catalog, Parquet files, extensions, key and logs.' },
  EXTENSION_DIR: { default: 'LAKE_DIR/extensions', why: 'Folder of the DuckDB extensions, 100 MB: lakes of one machine can share it.' },
  SPOOL_DIR: {
    default: 'LAKE_DIR/spool',
    why: 'Folder for the bodies of writes, from their first byte until the rows are in the lake: it needs room for all that arrive at once.',
  },
  OIDC_ISSUER: {
    default: '',
    why: 'An OpenID Connect issuer, as `iss` has it: its access tokens are taken beside keys.',
  },
  OIDC_AUDIENCE: { default: '', why: 'What `aud` of a token must have; needed with OIDC_ISSUER.' },
  OIDC_JWKS_URL: { default: '', why: 'The issuer’s public keys, where its discovery document does not lead to them.' },
  OIDC_SCOPE_CLAIM: { default: 'scope', why: 'The claim with the scopes, as a list or with spaces between them.' },
  OIDC_SCOPE_PREFIX: { default: 'ducklake:', why: 'What stands before read, write, ddl and admin in it.' },
  OIDC_GRANTS_CLAIM: {
    default: 'ducklake_grants',
    why: 'The claim with the tables, a list of schema.table and schema.*; a token without it may read every table.',
  },
  LINEAGE_URL: {
    default: '',
    why: 'Where OpenLineage’s events are sent: the address of POST /lineage, or of POST /lineage/batch, which takes 50 at a time.',
  },
  LINEAGE_TOKEN: { default: '', why: 'Sent there as a bearer token. LINEAGE_TOKEN_FILE has the path of a file with it.' },
  LINEAGE_NAMESPACE: { default: '', why: 'What stands for this lake in events, ducklake://name; otherwise an id that migrate made.' },
  LOG_SQL: { default: 'false', why: 'true writes the text of statements into the log. They may hold personal data.' },
  LOG_LEVEL: { default: 'warn', why: 'What the log on standard error shows: fatal, error, warn, info, debug or trace.' },
} as const

export const numberSettings = {
  PORT: { default: 8080, min: 0, max: 65_535, why: 'TCP port; 0 takes any free one. --port says the same.' },
  SHUTDOWN_DELAY_MS: {
    default: 0,
    min: 0,
    max: 600_000,
    why: 'After SIGTERM the service is not ready but goes on answering for this long, until every load balancer has noticed.',
  },
  METRICS_PORT: {
    default: 0,
    min: 0,
    max: 65_535,
    why: 'TCP port of /metrics, for Prometheus; 0 opens none.',
  },
  QUERY_TIMEOUT_MS: {
    default: 30_000,
    min: 100,
    max: 3_600_000,
    why: 'After this long a statement is interrupted, so that a forgotten one does not hold the engine.',
  },
  STREAM_TIMEOUT_MS: {
    default: 600_000,
    min: 100,
    max: 86_400_000,
    why: 'The same for a result that is streamed: it lasts as long as its reader takes.',
  },
  WRITE_TIMEOUT_MS: {
    default: 600_000,
    min: 100,
    max: 86_400_000,
    why: 'The same for a write, from the last byte of its body.',
  },
  IDEMPOTENCY_KEEP_HOURS: {
    default: 24,
    min: 1,
    max: 8_760,
    why: 'How long a repeated request with the same Idempotency-Key gets the first one’s answer: longer than anybody retries.',
  },
  BACKGROUND_TIMEOUT_MS: {
    default: 3_600_000,
    min: 100,
    max: 86_400_000,
    why: 'The same for a background query, which nobody waits for.',
  },
  BACKGROUND_RUNNING: {
    default: 1,
    min: 1,
    max: 256,
    why: 'Background queries that run beside each other in one process: fewer than ENGINES, or others would wait for them.',
  },
  BACKGROUND_MAX_PER_KEY: {
    default: 16,
    min: 1,
    max: 10_000,
    why: 'Background queries of one key that may run or wait.',
  },
  RESULT_MAX_MB: { default: 1_024, min: 1, max: 5_000, why: 'A kept result: it lies on this machine’s disk first, in one file.' },
  RESULTS_MAX_PER_KEY_MB: { default: 4_096, min: 1, max: 16_777_216, why: 'All kept results of one key: beyond it no new query is taken.' },
  RESULT_KEEP_HOURS: { default: 24, min: 1, max: 8_760, why: 'How long a result is kept: long enough for tomorrow morning.' },
  HISTORY_DAYS: {
    default: 30,
    min: 0,
    max: 3_650,
    why: 'How long it is remembered who asked what; 0 remembers only background queries, for a day.',
  },
  QUERY_MAX_ROWS: {
    default: 10_000,
    min: 1,
    max: 1_000_000,
    why: 'Rows of one JSON answer: they are held in memory outside of DuckDB’s own limit.',
  },
  UPLOAD_MAX_MB: {
    default: 5_000,
    min: 1,
    max: 5_000_000,
    why: 'Size of an uploaded body, also unpacked: it lies on this machine’s disk until its rows are in the lake.',
  },
  REGISTER_MIN_MB: {
    default: 16,
    min: 0,
    max: 5_000_000,
    why: 'Size from which an uploaded Parquet file that fits becomes one of its table as it is: many small files are slow to read.',
  },
  OBJECT_MAX_MB: {
    default: 50_000,
    min: 1,
    max: 78_000,
    why: 'Size of an object of the raw datasets: a bucket takes 10,000 parts of 8 MiB. Only one that UPLOAD_MAX_MB allows too can be loaded into a table.',
  },
  OBJECT_UPLOADS: {
    default: 8,
    min: 1,
    max: 1_000,
    why: 'Uploads of objects beside each other in one process: with a bucket each has up to 24 MiB in memory.',
  },
  PRESIGN_MAX_S: {
    default: 3_600,
    min: 1,
    max: 604_800,
    why: 'How long a presigned address may hold: whoever has it needs no key, and it cannot be taken back.',
  },
  QUERY_MAX_BYTES: {
    default: 262_144,
    min: 1_024,
    max: 16_777_216,
    why: 'Size of a request’s body: parsing a list of 200,000 values already takes seconds.',
  },
  RATE_LIMIT_PER_MINUTE: {
    default: 6_000,
    min: 1,
    max: 1_000_000_000,
    why: 'Requests of one key, counted by each process: a loop that went wrong must not keep the gateway busy.',
  },
  QUEUE_MAX_QUERIES: {
    default: 32,
    min: 0,
    max: 10_000,
    why: 'Statements that may wait for an engine: beyond it a caller is told at once to come back later.',
  },
  QUEUE_MAX_PER_KEY: {
    default: 16,
    min: 1,
    max: 10_000,
    why: 'Statements of one key that may run or wait, so that one caller cannot fill the queue for all.',
  },
  MAINTENANCE_TIMEOUT_MS: {
    default: 14_400_000,
    min: 1_000,
    max: 604_800_000,
    why: 'After this long a run of maintenance is stopped: it holds the lock of a table.',
  },
  QUEUE_MESSAGE_MAX_BYTES: {
    default: 65_536,
    min: 1_024,
    max: 1_048_576,
    why: 'Size of one message of the ingest queue: it lies in PostgreSQL until it is in its table.',
  },
  QUEUE_SEND_MAX_BYTES: {
    default: 4_194_304,
    min: 1_024,
    max: 67_108_864,
    why: 'Size of a body with messages: it is parsed in one go, and all else waits meanwhile.',
  },
  QUEUE_SEND_MAX_MESSAGES: { default: 10_000, min: 1, max: 100_000, why: 'Messages of one body.' },
  QUEUE_MAX_DEPTH: {
    default: 1_000_000,
    min: 1,
    max: 1_000_000_000,
    why: 'Messages that may wait for one table: beyond it a sender is told to come back later, before PostgreSQL’s disk is full.',
  },
  ENGINES: { default: 2, min: 1, max: 256, why: 'Statements that run beside each other, each in a process of its own with about 200 MB.' },
  ENGINES_SHORT: {
    default: 1,
    min: 0,
    max: 256,
    why: 'Further engines that only statements with a timeoutMs of up to 1000 get: a dashboard answers while exports run.',
  },
  ENGINE_SPARES: { default: 1, min: 0, max: 64, why: 'Engines that stand ready for when one is killed: a new one takes half a second.' },
  WRITE_ENGINES: {
    default: 2,
    min: 0,
    max: 256,
    why: 'Writes that run beside each other, each in a process like those of ENGINES: of several, one is kept for small appends, so that they go on while a large file loads. 0 takes no writes.',
  },
  ENGINE_MAX_STATEMENTS: {
    default: 10_000,
    min: 1,
    max: 1_000_000_000,
    why: 'After that many an engine is replaced, not counting what reads nothing: its memory only grows.',
  },
  ENGINE_MAX_AGE_S: { default: 3_600, min: 1, max: 31_536_000, why: 'After that long an engine is replaced, for the same reason.' },
  ENGINE_MAX_RSS_MB: { default: 2_048, min: 128, max: 1_048_576, why: 'An engine that has grown to this is replaced after its statement.' },
  ENGINE_MEMORY_MB: { default: 1_024, min: 128, max: 1_048_576, why: 'Memory that DuckDB may use before it spills to disk.' },
  ENGINE_DATA_LIMIT_MB: {
    default: 3_072,
    min: 512,
    max: 1_048_576,
    why: 'Memory of the engine process as a whole: some functions ignore DuckDB’s own limit.',
  },
  ENGINE_SPILL_MB: { default: 4_096, min: 0, max: 16_777_216, why: 'Disk that one engine may spill to.' },
  ENGINE_THREADS: { default: 2, min: 1, max: 1_024, why: 'Threads of DuckDB in the engine.' },
} as const

/** How long a statement may go on after its interruption: a hung read does not notice one, so the engine is killed then. */
export const interruptGraceMs = 2_000

/** How long a new engine may take to attach the lake before it counts as failed. */
export const engineStartTimeoutMs = 30_000

/** How long readiness waits for the catalog's answer. */
export const readinessTimeoutMs = 2_000

/** How long PostgreSQL may take to answer after its start: after a kill it first replays its log. */
export const postgresStartTimeoutMs = 60_000

/** How long it may take to stop before it is told to stop at once. */
export const postgresStopTimeoutMs = 10_000

/** How long DuckDB's own download of an extension may take: behind a firewall that drops packets it would wait for minutes. */
export const extensionInstallTimeoutMs = 30_000

/** How long setting up catalog and extensions may take in all; a first start downloads 35 MB. */
export const migrateTimeoutMs = 600_000

/** How long a caller may take to send its request: one that sends a byte a minute must not hold a connection for ever. Uploads may take
 * longer, as long as bytes come. */
export const requestTimeoutMs = 30_000

/** A sender of an upload from whom nothing comes for this long is taken for gone. */
export const uploadStallMs = 60_000

/** A statement that allows itself no more than this counts as short. */
export const shortQueryMs = 1_000

/** A caller that takes no byte of a result for this long is taken for gone: it holds an engine. */
export const streamStallMs = 60_000

/** The same for the headers alone, which are small. */
export const headersTimeoutMs = 10_000

/** How often requests are looked at whether they are late: the two limits above are kept this exactly. */
export const connectionsCheckMs = 1_000

/** How long a connection may stay open without a request. Less than a pod's grace, or its end would wait for idle clients. */
export const keepAliveTimeoutMs = 5_000

/** How long running statements may go on when the service stops. */
export const drainTimeoutMs = 5_000
