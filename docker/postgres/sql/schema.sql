-- Schema riada of database people: what capture needs beside the delivered tables.
-- Idempotent. Tables of earlier releases move here from schema public.
CREATE SCHEMA IF NOT EXISTS riada;

DO $$
DECLARE
    it text;
BEGIN
    FOREACH it IN ARRAY ARRAY['heartbeat', 'capture', 'rejects'] LOOP
        IF to_regclass('public.' || it) IS NOT NULL AND to_regclass('riada.' || it) IS NULL THEN
            EXECUTE format('ALTER TABLE public.%I SET SCHEMA riada', it);
        END IF;
    END LOOP;
END $$;

-- Debezium writes it, so that its slot advances while nobody writes to a delivered table.
CREATE TABLE IF NOT EXISTS riada.heartbeat (id integer PRIMARY KEY, at timestamptz(3) NOT NULL);

-- Asks Debezium for the existing rows of a table:
-- https://debezium.io/documentation/reference/3.1/configuration/signalling.html
CREATE TABLE IF NOT EXISTS riada.signal (id varchar(42) PRIMARY KEY, type varchar(32) NOT NULL, data text);

-- One row, whose mark the connector manager increments: a lower mark means a restored database.
CREATE TABLE IF NOT EXISTS riada.capture (
    id integer PRIMARY KEY CHECK (id = 1),
    epoch integer NOT NULL,
    mark bigint NOT NULL,
    began_at timestamptz(3) NOT NULL,
    reason text NOT NULL
);

-- Every table of the deployed release. `hash` of the script that made it what it is, '' while a
-- script fails. `cause`: why it is not delivered as its file says; NULL if it is. `definition`:
-- {"schema", "relation", "key": [name], "columns": [{"name", "type", "required"}], "triggers": [name]},
-- as compared with the catalog. Capture writes the others: the epoch in which the table came first;
-- epoch and time of the newest request for its existing rows; when all of them were read; and why
-- Debezium could not read them, if so. `uncaptured_until`: when it was published again after a time without
-- capture; rows that were deleted in that time may be in Cassandra until a comparison is equal.
CREATE TABLE IF NOT EXISTS riada.tables (
    name text PRIMARY KEY,
    hash text NOT NULL,
    applied_at timestamptz(3) NOT NULL DEFAULT now(),
    cause text,
    definition jsonb,
    added_epoch integer,
    captured_epoch integer,
    requested_at timestamptz(3),
    arrived_at timestamptz(3),
    scan_failure text
);
ALTER TABLE riada.tables ADD COLUMN IF NOT EXISTS uncaptured_until timestamptz(3);

-- Names of tables that were delivered once: Cassandra may have rows of them.
CREATE TABLE IF NOT EXISTS riada.withdrawn (name text PRIMARY KEY);

-- Items of a source that are no row of its table.
CREATE TABLE IF NOT EXISTS riada.rejects (
    id bigserial PRIMARY KEY,
    table_name text NOT NULL,
    source text NOT NULL,
    run text NOT NULL,
    page integer NOT NULL,
    position integer NOT NULL,
    reason text NOT NULL,
    item jsonb,
    at timestamptz(3) NOT NULL DEFAULT now()
);
-- Earlier releases had one table only and did not write its name.
ALTER TABLE riada.rejects ADD COLUMN IF NOT EXISTS table_name text NOT NULL DEFAULT '';
ALTER TABLE riada.rejects ALTER COLUMN table_name DROP DEFAULT;
DO $$ BEGIN
    ALTER TABLE riada.rejects RENAME COLUMN person TO item;
    ALTER TABLE riada.rejects RENAME COLUMN seed TO run;
EXCEPTION WHEN undefined_column THEN NULL;
END $$;
ALTER TABLE riada.rejects DROP CONSTRAINT IF EXISTS rejects_source_seed_page_position_key;
CREATE UNIQUE INDEX IF NOT EXISTS rejects_of_table
ON riada.rejects (table_name, source, run, page, position);

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'riada') THEN
        CREATE PUBLICATION riada;
    END IF;
END $$;
-- What the publication holds of a table: 'all', 'part' of its rows or columns, or NULL.
CREATE OR REPLACE FUNCTION riada.published(relation regclass) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT CASE WHEN prqual IS NULL AND prattrs IS NULL THEN 'all' ELSE 'part' END
    FROM pg_publication_rel JOIN pg_publication ON pg_publication.oid = prpubid
    WHERE pubname = 'riada' AND prrelid = relation;
$$;
DO $$
DECLARE
    it regclass;
BEGIN
    FOREACH it IN ARRAY ARRAY['riada.heartbeat'::regclass, 'riada.signal'::regclass] LOOP
        IF riada.published(it) IS NULL THEN
            EXECUTE format('ALTER PUBLICATION riada ADD TABLE %s', it);
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA riada TO ingest, debezium, observer;
GRANT USAGE, CREATE ON SCHEMA public TO application;
GRANT SELECT, INSERT, UPDATE, DELETE ON riada.rejects TO ingest;
GRANT USAGE ON SEQUENCE riada.rejects_id_seq TO ingest;
GRANT SELECT, INSERT, UPDATE ON riada.heartbeat, riada.capture TO debezium;
GRANT SELECT, INSERT, DELETE ON riada.signal TO debezium;
GRANT SELECT, UPDATE (added_epoch, captured_epoch, requested_at, arrived_at, scan_failure) ON riada.tables TO debezium;
GRANT SELECT ON ALL TABLES IN SCHEMA riada TO observer;
