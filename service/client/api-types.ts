// What the service takes and answers, route by route. Written out of /openapi.json by `npm run api-types`; not changed by hand.
export interface paths {
    "/livez": {
        /** The process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
    };
    "/readyz": {
        /**
         * A query would find an engine, the catalog and the files
         * @description 503 otherwise: a problem that names the first reason, or with ?verbose the list of all checks.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Lists every check. */
                    verbose?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Readiness"];
                    };
                };
                /** @description Not ready */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Readiness"];
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
    };
    "/v1/audit": {
        /** Who changed which setting, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Entries of the page; 100 if it is missing. */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changes: components["schemas"]["SettingChange"][];
                            /** @description The cursor of the next page; null after the last one. */
                            next: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/engines": {
        /** The engines of the process that answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            process: string;
                            readers: components["schemas"]["Engines"];
                            writers: components["schemas"]["Engines"];
                        };
                    };
                };
            };
        };
    };
    "/v1/keys": {
        /** Keys, oldest first, with those that were revoked */
        get: {
            parameters: {
                query?: {
                    /** @description An older name of `cursor`; also the id of a key. */
                    after?: string;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Entries of the page; 100 if it is missing. */
                    limit?: string;
                    user?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            keys: components["schemas"]["Key"][];
                            /** @description The cursor of the next page; null after the last one. */
                            next: string | null;
                        };
                    };
                };
            };
        };
        /**
         * Make a key
         * @description The answer holds the key itself, this once.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MadeKey"];
                    };
                };
            };
        };
    };
    "/v1/keys/{id}": {
        /** One key */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
            };
        };
        /**
         * Revoke a key
         * @description For ever. Other processes of the same service refuse it within 5 seconds.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        /**
         * Change a key, or let it expire
         * @description It holds at once in the process that answers, in others of the same service within 5 seconds.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyChange"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Key"];
                    };
                };
            };
        };
    };
    "/v1/lineage": {
        /**
         * The graph around a dataset, or a column of it
         * @description What the key may not read is left out, with every way that leads over it.
         */
        get: {
            parameters: {
                query: {
                    /** @description The graph of this column instead. */
                    column?: string;
                    /** @description schema.table, or a name in another namespace. */
                    dataset: string;
                    /** @description Jobs on the way; 5 if it is missing. */
                    depth?: string;
                    /** @description What it was made of, what was made of it; both if it is missing. */
                    direction?: "up" | "down" | "both";
                    /** @description The same as Accept says, for links. */
                    format?: "json" | "mermaid";
                    /** @description Of this lake if it is missing; s3://bucket for objects. */
                    namespace?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Datasets and jobs, or columns, and what flows from where to where. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LineageGraph"];
                        "text/vnd.mermaid": string;
                    };
                };
            };
        };
        /**
         * Take OpenLineage’s events of runs elsewhere
         * @description An event that is known already, by run, type and time, is not stored again. Facets are kept as they come.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description OpenLineage’s events of runs; also one alone. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RunEvent"][];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            received: number;
                            stored: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/lineage/events": {
        /** Events of all runs, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    delivery?: "waiting" | "delivered" | "parked";
                    /** @description Of the job of this name only. */
                    job?: string;
                    /** @description Entries of the page; 100 if it is missing. */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LineageEvents"];
                    };
                };
            };
        };
    };
    "/v1/lineage/runs/{id}": {
        /**
         * A run with its events
         * @description Of the key that asks, or of any for an administrator: its events have the text of statements.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LineageRun"];
                    };
                };
            };
        };
    };
    "/v1/maintenance": {
        /** Runs of maintenance, backups and restore drills, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Entries of the page; 100 if it is missing. */
                    limit?: string;
                    task?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The cursor of the next page; null after the last one. */
                            next: string | null;
                            runs: components["schemas"]["MaintenanceRun"][];
                        };
                    };
                };
            };
        };
    };
    "/v1/maintenance/{task}": {
        /**
         * Begin a run of maintenance
         * @description One at a time: 409 names the one that is at work. What the body leaves out is as the settings say; {} leaves out all.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description wait=N: the answer comes when the run has ended, or after N seconds, up to 60. */
                    prefer?: string;
                };
                path: {
                    task: "flush" | "compact" | "rewrite-deletes" | "expire" | "clean-up" | "orphans";
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MaintenanceRequest"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description It runs; Location is where to ask. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MaintenanceRun"];
                    };
                };
            };
        };
    };
    "/v1/maintenance/runs/{id}": {
        /** One run */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description wait=N: the answer comes when the run has ended, or after N seconds, up to 60. */
                    prefer?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MaintenanceRun"];
                    };
                };
            };
        };
    };
    "/v1/me": {
        /** What the key or token that asks may do */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Tables that it may read, or whole schemas; null: every table. */
                            grants: {
                                schema: string;
                                table?: string;
                            }[] | null;
                            id: string;
                            /** @description The first two may only tighten the limits of the service. */
                            limits: {
                                /** @description Rows of a JSON answer. */
                                maxRows?: number;
                                /** @description Requests, counted by each process of the service for itself. */
                                requestsPerMinute?: number;
                                /** @description Statements that may run or wait. */
                                statements?: number;
                                /** @description Time of a statement. */
                                timeoutMs?: number;
                            };
                            /** @description admin holds the other three too. */
                            scopes: ("read" | "write" | "ddl" | "admin")[];
                        };
                    };
                };
            };
        };
    };
    "/v1/objects": {
        /** Objects of the raw datasets by key */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Keys that go on behind the prefix and a / are one entry of `prefixes`, as in a folder. */
                    delimiter?: "/";
                    /** @description Entries of the page; 100 if it is missing. */
                    limit?: string;
                    /** @description What keys begin with. */
                    prefix?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The cursor of the next page; null after the last one. */
                            next: string | null;
                            objects: components["schemas"]["Object"][];
                            prefixes: string[];
                        };
                    };
                };
            };
        };
    };
    "/v1/objects/{key}": {
        /** The bytes of an object, or a range of them */
        get: {
            parameters: {
                query?: never;
                header?: {
                    "if-match"?: string;
                    "if-none-match"?: string;
                    "if-range"?: string;
                    /** @description `bytes=0-99`, `bytes=100-` or `bytes=-100`: one range; for several the whole is sent. */
                    range?: string;
                };
                path: {
                    /** @description The key. Its slashes may stand as they are; every other byte that an address cannot hold is encoded. */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description All bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "*/*": string;
                    };
                };
                /** @description The range */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "*/*": string;
                    };
                };
                /** @description It is the version of If-None-Match */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        /**
         * Store the body under a key, whatever it is
         * @description It takes the place of an object that is there, in one moment. Of a body that does not come whole nothing is kept.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description sha-256=:<base64>: or sha-512, which the body is held to. */
                    "content-digest"?: string;
                    /** @description Leaves an object alone that is there already: 412. */
                    "if-none-match"?: "*";
                };
                path: {
                    /** @description The key. Its slashes may stand as they are; every other byte that an address cannot hold is encoded. */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "*/*": string;
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UploadedObject"];
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UploadedObject"];
                    };
                };
            };
        };
        /** Remove an object */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The key. Its slashes may stand as they are; every other byte that an address cannot hold is encoded. */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
    };
    "/v1/presigned": {
        /**
         * An address for one object that needs no key
         * @description Only where objects lie in a bucket.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PresignRequest"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PresignedAddress"];
                    };
                };
            };
        };
    };
    "/v1/previews/{key}": {
        /** Columns and first rows of an object */
        get: {
            parameters: {
                query?: {
                    /** @description Of CSV; found out if it is missing. */
                    delimiter?: string;
                    /** @description Found out by content type and key if it is missing. */
                    format?: "csv" | "ndjson" | "json" | "parquet" | "arrow";
                    /** @description Whether CSV has names in its first line: true if it is missing. */
                    header?: "true" | "false";
                    /** @description Rows; 10 if it is missing. */
                    limit?: string;
                    /** @description What stands for NULL in CSV: nothing if it is missing. */
                    nullText?: string;
                };
                header?: never;
                path: {
                    /** @description The key. Its slashes may stand as they are; every other byte that an address cannot hold is encoded. */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Preview"];
                    };
                };
            };
        };
    };
    "/v1/publications": {
        /** Tables that are published */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            publications: components["schemas"]["Publication"][];
                        };
                    };
                };
            };
        };
    };
    "/v1/queries": {
        /** What was asked, newest first */
        get: {
            parameters: {
                query?: {
                    after?: string;
                    /** @description Of another key, or * for all: for administrators. */
                    key?: string;
                    kind?: "query" | "statement" | "rows";
                    /** @description 100 if it is missing. */
                    limit?: string;
                    /** @description Words that the statement holds, in any case of letters. */
                    search?: string;
                    state?: "queued" | "running" | "succeeded" | "failed" | "cancelled";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            next: string | null;
                            queries: components["schemas"]["QueryEntry"][];
                        };
                    };
                };
            };
        };
        /**
         * Run a statement in the background
         * @description Its result is kept for a while, for any number of readers in any format.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description wait=N: the answer comes when the query has ended, or after N seconds, up to 60. */
                    prefer?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Query"];
                    "application/sql": string;
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description It runs or waits; Location is where to ask. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueryEntry"];
                    };
                };
            };
        };
    };
    "/v1/queries/{id}": {
        /** The state of a query */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description wait=N: the answer comes when the query has ended, or after N seconds, up to 60. */
                    prefer?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueryEntry"];
                    };
                };
            };
        };
        /**
         * Cancel a query, or remove its result
         * @description It stays in the history. Of a query or write that runs for its request, the request gets the error queryCancelled.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
    };
    "/v1/queries/{id}/result": {
        /** The rows of a background query that has succeeded */
        get: {
            parameters: {
                query?: {
                    /** @description json, ndjson, csv, parquet or arrow; goes before the Accept header. */
                    format?: string;
                    limit?: string;
                    offset?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                200: components["responses"]["Rows"];
            };
        };
    };
    "/v1/query": {
        /** Run one statement and read its rows */
        post: {
            parameters: {
                query?: {
                    /** @description json, ndjson, csv, parquet or arrow; goes before the Accept header. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Query"];
                    "application/sql": string;
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                200: components["responses"]["Rows"];
            };
        };
    };
    "/v1/query/plan": {
        /**
         * How a statement is run, step by step
         * @description A key that may read some tables only gets no plan of a view: it would tell what the view reads.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PlanOf"];
                    "application/sql": string;
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
            };
        };
    };
    "/v1/queue": {
        /** The queues of the tables that the key may read */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            queues: components["schemas"]["QueueEntry"][];
                        };
                    };
                };
            };
        };
    };
    "/v1/queue/{table}": {
        /** One queue */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description table, schema.table, or "a.b"."c" for names with dots.
                     * @example main.rides
                     */
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QueueEntry"];
                    };
                };
            };
        };
        /**
         * Send rows to the queue of a table
         * @description They are kept from the 202 on, and come into the table within seconds, each exactly once. A row that does not fit is put aside: `GET …/dead`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description table, schema.table, or "a.b"."c" for names with dots.
                     * @example main.rides
                     */
                    table: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    } | {
                        [key: string]: unknown;
                    }[];
                    "application/x-ndjson": unknown;
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            count: number;
                            ids: string[];
                            schema: string;
                            table: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/queue/{table}/dead": {
        /** Messages that were put aside, oldest first */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    after?: string;
                    /** @description Messages of the page, up to 1000; 100 if not said. */
                    limit?: string;
                };
                header?: never;
                path: {
                    /**
                     * @description table, schema.table, or "a.b"."c" for names with dots.
                     * @example main.rides
                     */
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            dead: components["schemas"]["DeadLetter"][];
                            next: string | null;
                        };
                    };
                };
            };
        };
        /** Forget messages that were put aside */
        delete: {
            parameters: {
                query?: {
                    /** @description Only these, with commas between. */
                    ids?: string;
                };
                header?: never;
                path: {
                    /**
                     * @description table, schema.table, or "a.b"."c" for names with dots.
                     * @example main.rides
                     */
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Messages that it was done to. */
                            count: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/queue/{table}/dead/replay": {
        /**
         * Let messages that were put aside wait for the table again
         * @description All of them with {}.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description table, schema.table, or "a.b"."c" for names with dots.
                     * @example main.rides
                     */
                    table: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ids?: string[];
                    };
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Messages that it was done to. */
                            count: number;
                        };
                    };
                };
            };
        };
    };
    "/v1/settings": {
        /** What can be changed while the service runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            settings: components["schemas"]["Setting"][];
                        };
                    };
                };
            };
        };
    };
    "/v1/settings/{name}": {
        /** One setting */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Setting"];
                    };
                };
            };
        };
        /**
         * Change a setting
         * @description It holds at once in the process that answers, in others of the same service within 5 seconds.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewValue"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Setting"];
                    };
                };
            };
        };
        /** Back to the default */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Setting"];
                    };
                };
            };
        };
    };
    "/v1/settings/{name}/history": {
        /** Who changed it, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Entries of the page; 100 if it is missing. */
                    limit?: string;
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changes: components["schemas"]["SettingChange"][];
                            /** @description The cursor of the next page; null after the last one. */
                            next: string | null;
                        };
                    };
                };
            };
        };
    };
    "/v1/snapshots": {
        /** Versions of the lake, newest first, and what each did */
        get: {
            parameters: {
                query?: {
                    /** @description Only those with a smaller id: the next page. */
                    before?: string;
                    /** @description Up to 1000; 100 if it is missing. */
                    limit?: string;
                    /** @description Of the table; main if it is missing. */
                    schema?: string;
                    table?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            next: string | null;
                            snapshotId: string;
                            snapshots: components["schemas"]["Snapshot"][];
                        };
                    };
                };
            };
        };
    };
    "/v1/statements": {
        /** Run one statement that changes the lake */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Another request with it is this one, repeated. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Statement"];
                    "application/sql": string;
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StatementAnswer"];
                    };
                };
            };
        };
    };
    "/v1/tables": {
        /** Tables and views that the key may read */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            snapshotId: string;
                            tables: components["schemas"]["TableEntry"][];
                        };
                    };
                };
            };
        };
    };
    "/v1/tables/{schema}/{table}": {
        /** A table’s columns, rows, files and bytes */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Table"];
                    };
                };
            };
        };
    };
    "/v1/tables/{schema}/{table}/changes": {
        /**
         * Rows that were inserted, deleted or updated between two snapshots
         * @description Columns: snapshot_id, rowid, change_type (insert, delete, update_preimage, update_postimage), then those of the table.
         */
        get: {
            parameters: {
                query: {
                    /** @description json, ndjson, csv, parquet or arrow; goes before the Accept header. */
                    format?: string;
                    from: string;
                    to: string;
                };
                header?: never;
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                200: components["responses"]["Rows"];
            };
        };
    };
    "/v1/tables/{schema}/{table}/diff": {
        /**
         * What is different between two versions of a table
         * @description Columns and rows. `…/changes` has each change on the way instead.
         */
        get: {
            parameters: {
                query: {
                    from: string;
                    /** @description Rows, up to 1000; 200 if it is missing. */
                    limit?: string;
                    to: string;
                };
                header?: never;
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TableDiff"];
                    };
                };
            };
        };
    };
    "/v1/tables/{schema}/{table}/files": {
        /** The Parquet files of a table */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            files: components["schemas"]["TableFile"][];
                            snapshotId: string;
                        };
                    };
                };
            };
        };
    };
    "/v1/tables/{schema}/{table}/publication": {
        /** How a table is published, and which version is which */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            createdAt: string;
                            /** @description The id of a key. */
                            createdBy: string;
                            /** @description Why the last attempt failed. */
                            error: {
                                code: string;
                                detail: string;
                            } | null;
                            /** @description Columns that are not published. */
                            leaveOut: string[];
                            /** @description Where Delta’s readers find the table. */
                            location: string;
                            schema: string;
                            /** @description The version of the lake up to which everything is in it. */
                            snapshotId: string | null;
                            table: string;
                            /** @description The newest one of the log. */
                            version: number | null;
                            /** @description Newest first; up to 1000. */
                            versions: {
                                publishedAt: string;
                                snapshotId: string;
                                version: number;
                            }[];
                        };
                    };
                };
            };
        };
        /**
         * Publish a table, or what has changed in it
         * @description As a Delta transaction log that lists the table’s own files: no data is copied.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PublicationRequest"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PublicationAttempt"];
                    };
                };
            };
        };
        /**
         * Publish a table no longer
         * @description Its log is removed; the table’s own files stay as they are.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
    };
    "/v1/tables/{schema}/{table}/rows": {
        /** Write rows into a table, in one commit */
        post: {
            parameters: {
                query?: {
                    /** @description For create and replace, as JSON: [{"name": "id", "type": "BIGINT"}]. Without it a new table’s are inferred from the rows. */
                    columns?: string;
                    /** @description Of CSV; found out if it is missing. */
                    delimiter?: string;
                    /** @description Reads every row and commits nothing. */
                    dryRun?: "" | "true" | "false";
                    /** @description Of the object; found out by its content type and key if it is missing. */
                    format?: "csv" | "ndjson" | "json" | "parquet" | "arrow";
                    /** @description Whether CSV has names in its first line: true if it is missing. */
                    header?: "true" | "false";
                    /** @description For upsert: a column by which rows are the same; repeat it for several. */
                    key?: string | string[];
                    /** @description Rows that may be left out because they do not fit; 0 if it is missing. */
                    maxRejects?: string;
                    /** @description append (the default) adds rows; create makes the table first; replace takes all rows out before; upsert takes out those with the same key. */
                    mode?: "append" | "create" | "replace" | "upsert";
                    /** @description What stands for NULL in CSV: nothing if it is missing. */
                    nullText?: string;
                    /** @description The key of an object with the rows, in place of a body. */
                    object?: string;
                    /** @description Whether Parquet that fits becomes a file of the table as it is: checked (the default) reads it first, trusted believes its footer, never writes its rows anew. */
                    register?: "never" | "checked" | "trusted";
                    /** @description May only tighten the limit. */
                    timeoutMs?: string;
                };
                header?: {
                    /** @description Another request with it is this one, repeated. */
                    "idempotency-key"?: string;
                };
                path: {
                    schema: string;
                    table: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Write"];
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Write"];
                    };
                };
            };
        };
    };
    "/v1/users": {
        /** Users by name, with those that are disabled */
        get: {
            parameters: {
                query?: {
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Entries of the page; 100 if it is missing. */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The cursor of the next page; null after the last one. */
                            next: string | null;
                            users: components["schemas"]["User"][];
                        };
                    };
                };
            };
        };
        /** Make a user */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewUser"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
    };
    "/v1/users/{id}": {
        /** One user */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        /**
         * Remove a user that never had a key
         * @description Others are only disabled: the log names keys, and they name their user.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        /**
         * Change a user, or disable it with all its keys
         * @description It holds at once in the process that answers, in others of the same service within 5 seconds.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserChange"];
                };
            };
            responses: {
                "4XX": components["responses"]["CallerProblem"];
                "5XX": components["responses"]["ServiceProblem"];
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Column */
        Column: {
            name: string;
            /** @description DuckDB’s name of the type. */
            type: string;
        };
        /** DeadLetter */
        DeadLetter: {
            code: string;
            /** @description The column, where it is one column’s fault. */
            column: string | null;
            diedAt: string;
            id: string;
            queuedAt: string;
            /** @description What is wrong with the row. */
            reason: string;
            /** @description The row as it was sent. */
            row: unknown;
            tries: number;
        };
        /** Engines */
        Engines: {
            /** @description That are ready or at work. */
            engines: number;
            /** @description Of all of them, after their last statements. */
            memoryBytes: number;
            /** @description Statements or writes that they work on. */
            running: number;
            /** @description Statements or writes that wait for one. */
            waiting: number;
            /** @description That there should be, spares among them. */
            wanted: number;
        };
        /** Key */
        Key: {
            createdAt: string;
            createdBy: string;
            /** @description null: never. One that has passed ends the key at once. */
            expiresAt: string | null;
            /** @description Tables that it may read, or whole schemas; null: every table. */
            grants: {
                schema: string;
                table?: string;
            }[] | null;
            id: string;
            /** @description To the minute. */
            lastUsedAt: string | null;
            /** @description The first two may only tighten the limits of the service. */
            limits: {
                /** @description Rows of a JSON answer. */
                maxRows?: number;
                /** @description Requests, counted by each process of the service for itself. */
                requestsPerMinute?: number;
                /** @description Statements that may run or wait. */
                statements?: number;
                /** @description Time of a statement. */
                timeoutMs?: number;
            };
            /** @description For people: who or what uses it. */
            name: string;
            revokedAt: string | null;
            /** @description admin holds the other three too. */
            scopes: ("read" | "write" | "ddl" | "admin")[];
            /** @description Whose it is, the id of a user; null: nobody’s. */
            user: string | null;
        };
        /** KeyChange */
        KeyChange: {
            /** @description null: never. One that has passed ends the key at once. */
            expiresAt?: string | null;
            /** @description Tables that it may read, or whole schemas; null: every table. */
            grants?: {
                schema: string;
                table?: string;
            }[] | null;
            /** @description The first two may only tighten the limits of the service. */
            limits?: {
                /** @description Rows of a JSON answer. */
                maxRows?: number;
                /** @description Requests, counted by each process of the service for itself. */
                requestsPerMinute?: number;
                /** @description Statements that may run or wait. */
                statements?: number;
                /** @description Time of a statement. */
                timeoutMs?: number;
            };
            /** @description For people: who or what uses it. */
            name?: string;
            /** @description admin holds the other three too. */
            scopes?: ("read" | "write" | "ddl" | "admin")[];
            /** @description Whose it is, the id of a user; null: nobody’s. */
            user?: string | null;
        };
        /** LineageEvents */
        LineageEvents: {
            events: {
                at: string;
                /** @description null: not for LINEAGE_URL. */
                delivery: ("waiting" | "delivered" | "parked") | null;
                /** @description As it came, or went. */
                event: unknown;
                /** @description What LINEAGE_URL said when it did not take it. */
                fault: string | null;
                /** @description A run of this service; else somebody told it. */
                own: boolean;
                runId: string;
                /** @enum {unknown} */
                type: "START" | "RUNNING" | "COMPLETE" | "ABORT" | "FAIL" | "OTHER";
            }[];
            /** @description The cursor of the next page; null after the last one. */
            next: string | null;
        };
        /** LineageGraph */
        LineageGraph: {
            edges: {
                from: string;
                /** @description Between columns. */
                job?: string;
                to: string;
            }[];
            nodes: {
                column?: string;
                id: string;
                /** @enum {unknown} */
                kind: "dataset" | "job" | "column";
                lastRun?: {
                    endedAt: string | null;
                    id: string;
                    /** @description The version of the lake that it made. */
                    snapshotId: string | null;
                    startedAt: string;
                    /** @enum {unknown} */
                    state: "START" | "RUNNING" | "COMPLETE" | "ABORT" | "FAIL" | "OTHER";
                } | null;
                name: string;
                namespace: string;
                type?: string | null;
            }[];
            root: string;
            /** @description There is more: ask for one direction, or a smaller depth. */
            truncated: boolean;
        };
        /** LineageRun */
        LineageRun: {
            endedAt: string | null;
            events: {
                at: string;
                /** @description null: not for LINEAGE_URL. */
                delivery: ("waiting" | "delivered" | "parked") | null;
                /** @description As it came, or went. */
                event: unknown;
                /** @description What LINEAGE_URL said when it did not take it. */
                fault: string | null;
                /** @enum {unknown} */
                type: "START" | "RUNNING" | "COMPLETE" | "ABORT" | "FAIL" | "OTHER";
            }[];
            id: string;
            job: {
                name: string;
                namespace: string;
                type: string | null;
            };
            keyId: string | null;
            /** @description A run of this service; else somebody told it. */
            own: boolean;
            requestId: string | null;
            /** @description The version of the lake that it made. */
            snapshotId: string | null;
            startedAt: string;
            /** @enum {unknown} */
            state: "START" | "RUNNING" | "COMPLETE" | "ABORT" | "FAIL" | "OTHER";
        };
        /** MadeKey */
        MadeKey: {
            createdAt: string;
            createdBy: string;
            /** @description null: never. One that has passed ends the key at once. */
            expiresAt: string | null;
            /** @description Tables that it may read, or whole schemas; null: every table. */
            grants: {
                schema: string;
                table?: string;
            }[] | null;
            id: string;
            key: string;
            /** @description To the minute. */
            lastUsedAt: string | null;
            /** @description The first two may only tighten the limits of the service. */
            limits: {
                /** @description Rows of a JSON answer. */
                maxRows?: number;
                /** @description Requests, counted by each process of the service for itself. */
                requestsPerMinute?: number;
                /** @description Statements that may run or wait. */
                statements?: number;
                /** @description Time of a statement. */
                timeoutMs?: number;
            };
            /** @description For people: who or what uses it. */
            name: string;
            revokedAt: string | null;
            /** @description admin holds the other three too. */
            scopes: ("read" | "write" | "ddl" | "admin")[];
            /** @description Whose it is, the id of a user; null: nobody’s. */
            user: string | null;
        };
        /** MaintenanceRequest */
        MaintenanceRequest: {
            /** @description Of rewrite-deletes: a file from which so much is deleted is written anew. */
            deletedPercent?: number;
            /** @description Says what it would do, and does nothing. */
            dryRun?: boolean;
            /** @description Of expire, clean-up and orphans. Anything younger than a day may belong to a write that is not finished. */
            olderThanHours?: number;
            /** @description Of flush, compact and rewrite-deletes: this one only. */
            table?: {
                schema: string;
                table: string;
            };
        };
        /** MaintenanceRun */
        MaintenanceRun: {
            /** @description The lake after it. */
            after: {
                bytes: number;
                deletedRows: number;
                deleteFiles: number;
                files: number;
                oldBytes: number;
                oldFiles: number;
                snapshots: number;
            } | null;
            /** @description The lake before it. */
            before: {
                bytes: number;
                deletedRows: number;
                deleteFiles: number;
                files: number;
                oldBytes: number;
                oldFiles: number;
                snapshots: number;
            } | null;
            deletedPercent: number | null;
            dryRun: boolean;
            endedAt: string | null;
            error: {
                code: string;
                detail: string;
            } | null;
            id: string;
            olderThanHours: number | null;
            /** @description What it did, or as a dry run what it would do. */
            report: {
                bytes: number;
                created: {
                    bytes: number;
                    fileCount: number;
                };
                fileCount: number;
                /** @description Merged, rewritten, removed or copied ones; the first 1000. */
                files: {
                    bytes: number;
                    /** @description Within the lake’s own place. */
                    path: string;
                }[];
                /** @description Rows that were moved out of the catalog. */
                rows: number;
                snapshotCount: number;
                /** @description Expired ones; the first 1000. */
                snapshots: string[];
                tables: {
                    schema: string;
                    table: string;
                }[];
            } | null;
            /** @description A key’s id, or schedule. */
            requestedBy: string;
            /** @description The version of the lake that it made. */
            snapshotId: string | null;
            startedAt: string;
            /** @enum {unknown} */
            state: "running" | "succeeded" | "failed" | "cancelled";
            table: {
                schema: string;
                table: string;
            } | null;
            /** @description Also backup and restore-drill, which are begun by npm. */
            task: string;
        };
        /** NewKey */
        NewKey: {
            /** @description null: never. It must lie ahead. */
            expiresAt?: string | null;
            /** @description Tables that it may read, or whole schemas; null: every table. */
            grants?: {
                schema: string;
                table?: string;
            }[] | null;
            /** @description The first two may only tighten the limits of the service. */
            limits?: {
                /** @description Rows of a JSON answer. */
                maxRows?: number;
                /** @description Requests, counted by each process of the service for itself. */
                requestsPerMinute?: number;
                /** @description Statements that may run or wait. */
                statements?: number;
                /** @description Time of a statement. */
                timeoutMs?: number;
            };
            /** @description For people: who or what uses it. */
            name: string;
            /** @description admin holds the other three too. */
            scopes: ("read" | "write" | "ddl" | "admin")[];
            /** @description Whose it is, the id of a user; null: nobody’s. */
            user?: string | null;
        };
        /** NewUser */
        NewUser: {
            /** @description No two users have the same. */
            email?: string | null;
            name: string;
        };
        /** NewValue */
        NewValue: {
            value: unknown;
        };
        /** Object */
        Object: {
            bytes: number;
            /** @description With it as If-Match or If-None-Match, as the header ETag has it. */
            etag: string;
            key: string;
            modifiedAt: string;
        };
        /** Plan */
        Plan: {
            elapsedMs: number;
            operators: components["schemas"]["PlanOperator"][];
            queryId: string;
            /** @description The version of the lake that it is for. */
            snapshotId: string | null;
            totals: {
                bytesRead: number;
                peakMemoryBytes: number;
                rowsScanned: number;
                seconds: number;
            } | null;
            /** @description There are more than these 2000 operators. */
            truncated: boolean;
        };
        /** PlanOf */
        PlanOf: {
            /** @description Runs the statement too, throws its rows away and tells what each step took and gave. */
            analyze?: boolean;
            /** @description Reads every table as it was in this snapshot, or at this time. */
            asOf?: {
                version: number | string;
            } | {
                /** Format: date-time */
                timestamp: string;
            };
            /** @description Values for $1, $2, … as a list, or for $name as an object. */
            params?: ((string | number | boolean | null) | {
                /**
                 * @description A DuckDB type.
                 * @example DATE
                 * @example DECIMAL(18, 3)
                 */
                type: string;
                value: string | number | boolean | null;
            })[] | {
                [key: string]: (string | number | boolean | null) | {
                    /**
                     * @description A DuckDB type.
                     * @example DATE
                     * @example DECIMAL(18, 3)
                     */
                    type: string;
                    value: string | number | boolean | null;
                };
            };
            /** @description One statement that reads: SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE. */
            sql: string;
            /** @description May only tighten the limit of the key. Up to 1000 the statement counts as short. */
            timeoutMs?: number;
        };
        /** PlanOperator */
        PlanOperator: {
            /** @description Its inputs follow it, one level deeper. */
            depth: number;
            /** @description What DuckDB says of it: tables, filters, expressions. */
            details: {
                [key: string]: string;
            };
            estimatedRows: number | null;
            /** @example HASH_JOIN */
            name: string;
            /** @description Counted, with `analyze`. */
            rows: number | null;
            /** @description Of all threads together, without its inputs; with `analyze`. */
            seconds: number | null;
        };
        /** PresignedAddress */
        PresignedAddress: {
            expiresAt: string;
            /** @description To be sent with it as they are. */
            headers: {
                [key: string]: string;
            };
            method: string;
            /** @description Whoever has it needs no key. */
            url: string;
        };
        /** PresignRequest */
        PresignRequest: {
            /** @description With PUT: how many the object will have, exactly. */
            bytes?: number;
            /** @description Up to PRESIGN_MAX_S; 900 if it is missing. */
            expiresInSeconds?: number;
            key: string;
            /**
             * @description What the address is for; scope read, or write.
             * @enum {unknown}
             */
            method: "GET" | "PUT";
        };
        /** Preview */
        Preview: {
            bytes: number;
            /** @description With the types that the first rows look like. */
            columns: components["schemas"]["Column"][];
            /** @description How CSV is written. */
            dialect?: {
                delimiter: string;
                escape: string;
                header: boolean;
                nullText: string;
                quote: string;
            };
            etag: string;
            /** @enum {unknown} */
            format: "csv" | "ndjson" | "json" | "parquet" | "arrow";
            key: string;
            /** @description The first rows, as in JSON results; rows that cannot be read are left out. */
            rows: unknown[][];
        };
        /** Problem */
        Problem: {
            /** @description Names that exist and look like the one that does not. */
            candidates?: string[];
            /**
             * @description Stable: decide by this.
             * @enum {string}
             */
            code: "invalidRequest" | "sqlSyntax" | "sqlInvalid" | "digestMismatch" | "dataInvalid" | "unauthenticated" | "forbidden" | "statementRefused" | "snapshotNotFound" | "notFound" | "methodNotAllowed" | "notAcceptable" | "requestTimeout" | "writeInProgress" | "writeConflict" | "conflict" | "gone" | "preconditionFailed" | "bodyTooLarge" | "outOfMemory" | "resultTooLarge" | "unsupportedMediaType" | "rangeNotSatisfiable" | "idempotencyMismatch" | "notPublishable" | "queryFailed" | "tooManyQueries" | "queueFull" | "tooManyRequests" | "headersTooLarge" | "queryCancelled" | "internal" | "notSupported" | "outcomeUnknown" | "tableBusy" | "engineLost" | "engineNotReady" | "catalogUnavailable" | "catalogUnfit" | "storageUnavailable" | "queueUnavailable" | "identityUnavailable" | "queryTimeout" | "storageFull";
            /** @description A sentence for a person: what, where, what to do. */
            detail: string;
            /** @description The first of them. */
            errors?: components["schemas"]["RejectedRow"][];
            /** @description Place in the statement, as a JavaScript string index. */
            position?: number;
            /** @description Rows that do not fit. */
            rejectedCount?: number;
            /** @description The log has more under this id. */
            requestId: string;
            status: number;
            title: string;
            /** @description A page of this service about this kind of problem. */
            type: string;
        };
        /** Publication */
        Publication: {
            createdAt: string;
            /** @description The id of a key. */
            createdBy: string;
            /** @description Why the last attempt failed. */
            error: {
                code: string;
                detail: string;
            } | null;
            /** @description Columns that are not published. */
            leaveOut: string[];
            /** @description Where Delta’s readers find the table. */
            location: string;
            schema: string;
            /** @description The version of the lake up to which everything is in it. */
            snapshotId: string | null;
            table: string;
            /** @description The newest one of the log. */
            version: number | null;
        };
        /** PublicationAttempt */
        PublicationAttempt: {
            addedFiles: number;
            /** @description Written into the log. */
            bytes: number;
            /** @description Whether there was anything to publish. */
            changed: boolean;
            createdAt: string;
            /** @description The id of a key. */
            createdBy: string;
            /** @description Why the last attempt failed. */
            error: {
                code: string;
                detail: string;
            } | null;
            /** @description Columns that are not published. */
            leaveOut: string[];
            /** @description Where Delta’s readers find the table. */
            location: string;
            removedFiles: number;
            schema: string;
            /** @description The version of the lake up to which everything is in it. */
            snapshotId: string | null;
            table: string;
            /** @description The newest one of the log. */
            version: number | null;
        };
        /** PublicationRequest */
        PublicationRequest: {
            /** @description Columns that are not to be published. */
            leaveOut?: string[];
        };
        /** Query */
        Query: {
            /** @description Reads every table as it was in this snapshot, or at this time. */
            asOf?: {
                version: number | string;
            } | {
                /** Format: date-time */
                timestamp: string;
            };
            /** @description Rows of a JSON answer; may only tighten the limit of the key. */
            maxRows?: number;
            /** @description Values for $1, $2, … as a list, or for $name as an object. */
            params?: ((string | number | boolean | null) | {
                /**
                 * @description A DuckDB type.
                 * @example DATE
                 * @example DECIMAL(18, 3)
                 */
                type: string;
                value: string | number | boolean | null;
            })[] | {
                [key: string]: (string | number | boolean | null) | {
                    /**
                     * @description A DuckDB type.
                     * @example DATE
                     * @example DECIMAL(18, 3)
                     */
                    type: string;
                    value: string | number | boolean | null;
                };
            };
            /** @description One statement that reads: SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE. */
            sql: string;
            /** @description May only tighten the limit of the key. Up to 1000 the statement counts as short. */
            timeoutMs?: number;
        };
        /** QueryEntry */
        QueryEntry: {
            asOf: ({
                version: number | string;
            } | {
                /** Format: date-time */
                timestamp: string;
            }) | null;
            /** @description false: it ends with its request, and its result is not kept. */
            background: boolean;
            columns: components["schemas"]["Column"][] | null;
            /** @description From its start to its end, or until now. */
            durationMs: number | null;
            endedAt: string | null;
            /** @description The engine that works on it, by the name of its connections; null while it waits, and if it took less than a second. */
            engine: string | null;
            error: {
                candidates?: string[];
                code: string;
                detail: string;
                position?: number;
            } | null;
            id: string;
            /** @description Whose it is. */
            keyId: string;
            /**
             * @description rows: some were sent, and sql says where they went.
             * @enum {unknown}
             */
            kind: "query" | "statement" | "rows";
            params: (((string | number | boolean | null) | {
                /**
                 * @description A DuckDB type.
                 * @example DATE
                 * @example DECIMAL(18, 3)
                 */
                type: string;
                value: string | number | boolean | null;
            })[] | {
                [key: string]: (string | number | boolean | null) | {
                    /**
                     * @description A DuckDB type.
                     * @example DATE
                     * @example DECIMAL(18, 3)
                     */
                    type: string;
                    value: string | number | boolean | null;
                };
            }) | null;
            progress: {
                /** @description null where DuckDB does not know. */
                percent: number | null;
                /** @description Rows that DuckDB has read; known to the process that works on it. */
                rows: number | null;
            } | null;
            /** @description Of the request that sent it. */
            requestId: string | null;
            /** @description null: there is none, or none any more. */
            result: {
                bytes: string;
                until: string;
                url: string;
            } | null;
            rowCount: string | null;
            /** @description The version of the lake that was read. */
            snapshotId: string | null;
            sql: string;
            startedAt: string | null;
            /** @enum {unknown} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            submittedAt: string;
        };
        /** QueueEntry */
        QueueEntry: {
            /** @description Messages that were put aside because they do not fit, all digits. */
            dead: string;
            /** @description Messages that wait or are on their way, all digits. */
            depth: string;
            drainedAt: string | null;
            /** @description All digits, as text. */
            drainedCount: string;
            obstacle: {
                code: string;
                detail: string;
                since: string;
            } | null;
            /** @description How long the oldest of them has waited. */
            oldestAgeSeconds: number | null;
            schema: string;
            /**
             * @description blocked: no message comes into the table, and `obstacle` says why.
             * @enum {unknown}
             */
            state: "idle" | "draining" | "blocked";
            table: string;
        };
        /** Readiness */
        Readiness: {
            checks?: {
                code?: string;
                /** @description What is wrong and what to do. */
                detail?: string;
                /** @description draining, catalog, store (the schema app), storage, engines or writers. */
                name: string;
                ok: boolean;
                tookMs: number;
            }[];
            /** @enum {unknown} */
            status: "ok" | "not ready";
        };
        /** RejectedRow */
        RejectedRow: {
            column?: string;
            /** @description Of the body, from 1; the number of the row in Parquet, Arrow and a JSON array. */
            line: number;
            reason: string;
            /** @description Its beginning. */
            value?: string;
        };
        /** Result */
        Result: {
            columns: components["schemas"]["Column"][];
            elapsedMs: number;
            queryId: string;
            rowCount: number;
            rows: unknown[][];
            /** @description The version of the lake that was read. */
            snapshotId: string | null;
            /** @description There are more rows than maxRows. */
            truncated: boolean;
        };
        /** RunEvent */
        RunEvent: {
            /** Format: date-time */
            eventTime: string;
            /** @enum {unknown} */
            eventType: "START" | "RUNNING" | "COMPLETE" | "ABORT" | "FAIL" | "OTHER";
            inputs?: ({
                facets?: {
                    columnLineage?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                        fields: {
                            [key: string]: {
                                inputFields: ({
                                    field: string;
                                    name: string;
                                    namespace: string;
                                } & {
                                    [key: string]: unknown;
                                })[];
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    } & {
                        [key: string]: unknown;
                    };
                    schema?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                    symlinks?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                        identifiers?: ({
                            name: string;
                            namespace: string;
                            type: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                    version?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
                inputFacets?: {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
                name: string;
                namespace: string;
                outputFacets?: {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            } & {
                [key: string]: unknown;
            })[];
            job: {
                facets?: {
                    jobType?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                        jobType?: string;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
                name: string;
                namespace: string;
            } & {
                [key: string]: unknown;
            };
            outputs?: ({
                facets?: {
                    columnLineage?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                        fields: {
                            [key: string]: {
                                inputFields: ({
                                    field: string;
                                    name: string;
                                    namespace: string;
                                } & {
                                    [key: string]: unknown;
                                })[];
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    } & {
                        [key: string]: unknown;
                    };
                    schema?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                    symlinks?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                        identifiers?: ({
                            name: string;
                            namespace: string;
                            type: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                    } & {
                        [key: string]: unknown;
                    };
                    version?: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
                inputFacets?: {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
                name: string;
                namespace: string;
                outputFacets?: {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            } & {
                [key: string]: unknown;
            })[];
            /** Format: uri */
            producer: string;
            run: {
                facets?: {
                    [key: string]: {
                        /** Format: uri */
                        _producer: string;
                        /** Format: uri */
                        _schemaURL: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
                /** Format: uuid */
                runId: string;
            } & {
                [key: string]: unknown;
            };
            /** Format: uri */
            schemaURL: string;
        } & {
            [key: string]: unknown;
        };
        /** Setting */
        Setting: {
            /** @description null: it has its default. */
            changedAt: string | null;
            /** @description The id of a key. */
            changedBy: string | null;
            default: boolean | number;
            max?: number;
            min?: number;
            name: string;
            value: boolean | number;
            why: string;
        };
        /** SettingChange */
        SettingChange: {
            changedAt: string;
            /** @description The id of a key. */
            changedBy: string;
            name: string;
            /** @description null: the default. */
            new: (boolean | number) | null;
            /** @description null: the default. */
            old: (boolean | number) | null;
        };
        /** Snapshot */
        Snapshot: {
            /** @description UTC. */
            at: string;
            author?: string | null;
            changes?: {
                kind: string;
                of: string[];
            }[];
            message?: string | null;
            schemaVersion: string;
            snapshotId: string;
            /** @description What it did to tables that the key may read. */
            tables: components["schemas"]["TableChange"][];
        };
        /** Statement */
        Statement: {
            /** @description Values for $1, $2, … as a list, or for $name as an object. */
            params?: ((string | number | boolean | null) | {
                /**
                 * @description A DuckDB type.
                 * @example DATE
                 * @example DECIMAL(18, 3)
                 */
                type: string;
                value: string | number | boolean | null;
            })[] | {
                [key: string]: (string | number | boolean | null) | {
                    /**
                     * @description A DuckDB type.
                     * @example DATE
                     * @example DECIMAL(18, 3)
                     */
                    type: string;
                    value: string | number | boolean | null;
                };
            };
            /** @description One statement that changes rows (INSERT, UPDATE, DELETE, MERGE) or makes, changes or drops a table, view or schema. */
            sql: string;
            /** @description May only tighten the limit of the key. */
            timeoutMs?: number;
        };
        /** StatementAnswer */
        StatementAnswer: {
            elapsedMs: number;
            /** @enum {unknown} */
            kind: "insert" | "update" | "delete" | "merge" | "createTable" | "createView" | "createSchema" | "alterTable" | "alterView" | "dropTable" | "dropView" | "dropSchema" | "comment";
            /** @description Rows that it changed; null for what has none. */
            rowCount: number | null;
            /** @description The version of the lake that it made; null if it changed nothing. */
            snapshotId: string | null;
            /** @description The commit carries it. */
            writeId: string;
        };
        /** Table */
        Table: {
            /** @description All digits, as text. */
            bytes: string | null;
            columns: components["schemas"]["TableColumn"][];
            /** @description Rows that lie in the files and do not count any more. */
            deletedRowCount: string | null;
            fileCount: number | null;
            kind: "table" | "view";
            name: string;
            /** @description All digits, as text. */
            rowCount: string | null;
            schema: string;
            snapshotId: string;
        };
        /** TableChange */
        TableChange: {
            filesAdded: number | null;
            filesRemoved: number | null;
            kinds: ("created" | "renamed" | "altered" | "inserted" | "deleted" | "dropped" | "merged" | "rewritten")[];
            /** @description null: not known any more, because files were merged or expired. */
            rowsAdded: string | null;
            /** @description null: not known any more, because files were merged or expired. */
            rowsRemoved: string | null;
            schema: string;
            /** @description As it was called then. */
            table: string;
        };
        /** TableColumn */
        TableColumn: {
            default: string | null;
            name: string;
            nullable: boolean;
            type: string;
        };
        /** TableDiff */
        TableDiff: {
            columns: {
                added: components["schemas"]["Column"][];
                /** @description Renamed, or of another type. */
                changed: {
                    from: components["schemas"]["Column"];
                    to: components["schemas"]["Column"];
                }[];
                removed: components["schemas"]["Column"][];
            };
            /**
             * @description values: the table was made anew in between, so rows are the same if all values of the columns that both have are.
             * @enum {unknown}
             */
            comparedBy: "rowid" | "values";
            deletedCount: string;
            from: string;
            insertedCount: string;
            /**
             * @description In the later version.
             * @enum {unknown}
             */
            is: "there" | "missing";
            /** @description Of the rows: those of the later version. */
            rowColumns: components["schemas"]["Column"][];
            /** @description The first of them. */
            rows: {
                after: unknown[] | null;
                before: unknown[] | null;
            }[];
            schema: string;
            /** @description As it is called in the later version, if it is there. */
            table: string;
            to: string;
            /** @description There are more than these rows. */
            truncated: boolean;
            updatedCount: string;
            /**
             * @description In the earlier version.
             * @enum {unknown}
             */
            was: "there" | "missing";
        };
        /** TableEntry */
        TableEntry: {
            /** @description All digits, as text. */
            bytes: string | null;
            /** @description Rows that lie in the files and do not count any more. */
            deletedRowCount: string | null;
            fileCount: number | null;
            kind: "table" | "view";
            name: string;
            /** @description All digits, as text. */
            rowCount: string | null;
            schema: string;
        };
        /** TableFile */
        TableFile: {
            bytes: string;
            deletedRowCount: string;
            path: string;
            rowCount: string;
            sinceSnapshot: string;
        };
        /** UploadedObject */
        UploadedObject: {
            bytes: number;
            contentType: string;
            /** @description Of what arrived, as Content-Digest has it: sha-256=:…: */
            digest: string;
            /** @description As in the header ETag. */
            etag: string;
            key: string;
        };
        /** User */
        User: {
            createdAt: string;
            /** @description The id of a key. */
            createdBy: string;
            disabled: boolean;
            disabledAt: string | null;
            /** @description No two users have the same. */
            email: string | null;
            id: string;
            /** @description Its keys that are not revoked. */
            keys: number;
            name: string;
            updatedAt: string;
        };
        /** UserChange */
        UserChange: {
            /** @description With true none of its keys is taken until it is false again. */
            disabled?: boolean;
            /** @description No two users have the same. */
            email?: string | null;
            name?: string;
        };
        /** Write */
        Write: {
            /** @description The table’s. */
            columns?: components["schemas"]["Column"][];
            /** @enum {boolean} */
            dryRun?: true;
            /** @description The first of them. */
            errors?: components["schemas"]["RejectedRow"][];
            mode: string;
            /** @description Of Parquet: whether the file became one of the table as it is. */
            registered?: boolean;
            /** @description Rows that were left out, as maxRejects allows. */
            rejectedCount?: number;
            /** @description Why it did not. */
            rewrittenBecause?: string;
            /** @description Rows that were written, or would be. */
            rowCount: number;
            /** @description The first rows, of a dry run. */
            rows?: unknown[][];
            /** @description The version of the lake that has the rows; null after a dry run. */
            snapshotId: string | null;
            /** @description The commit carries it. */
            writeId: string;
        };
    };
    responses: {
        /** @description A problem that the caller can mend */
        CallerProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The rows. A stream that fails after its head is cut; NDJSON gets a last line {"error": …} before that. */
        Rows: {
            headers: {
                "x-query-id"?: string;
                "x-request-id"?: string;
                /** @description Missing if the statement read no table. */
                "x-snapshot-id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Result"];
                "application/vnd.apache.arrow.stream": string;
                "application/vnd.apache.parquet": string;
                "application/x-ndjson": string;
                "text/csv": string;
            };
        };
        /** @description A problem of the service or of what it stands on */
        ServiceProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
