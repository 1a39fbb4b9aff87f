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

\include /etc/riada/sql/capture.sql

-- Every table of the deployed release. `hash` of the script that made it what it is, '' while a
-- script fails. `cause`: why it is not delivered as its file says; NULL if it is. `definition`:
-- {"schema", "relation", "key": [name], "columns": [{"name", "type", "required"}], "triggers": [name]},
-- as compared with the catalog.
CREATE TABLE IF NOT EXISTS riada.tables (
    name text PRIMARY KEY,
    hash text NOT NULL,
    applied_at timestamptz(3) NOT NULL DEFAULT now(),
    cause text,
    definition jsonb
);
-- Earlier releases had these here; riada.scans has them now, and every row is requested once more.
ALTER TABLE riada.tables
DROP COLUMN IF EXISTS added_epoch,
DROP COLUMN IF EXISTS captured_epoch,
DROP COLUMN IF EXISTS requested_at,
DROP COLUMN IF EXISTS arrived_at,
DROP COLUMN IF EXISTS scan_failure,
DROP COLUMN IF EXISTS uncaptured_until;
DROP TABLE IF EXISTS riada.withdrawn;

-- One row, which container postgres writes: the state of its backups, as contract/stores/postgres/backups.py
-- has it.
CREATE TABLE IF NOT EXISTS riada.backups (
    id integer PRIMARY KEY CHECK (id = 1),
    report jsonb NOT NULL,
    reported_at timestamptz(3) NOT NULL
);
-- A restore commits here once more, so that its archive ends after the time to which it goes back.
INSERT INTO riada.backups (id, report, reported_at) VALUES (1, '{}', now()) ON CONFLICT DO NOTHING;

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

-- Rows that were erased. `mark`: a keyed hash of table and key, which tells neither without the secret
-- control-center-erasures. It is written with the DELETE in one transaction: a database that lacks a mark
-- that the topic riada.erasures has was restored to a time before the erasure.
CREATE TABLE IF NOT EXISTS riada.erasures (
    mark text PRIMARY KEY,
    table_name text NOT NULL,
    erased_at timestamptz(3) NOT NULL,
    ended_at timestamptz(3)
);

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

GRANT USAGE ON SCHEMA riada TO ingest, observer;
GRANT USAGE, CREATE ON SCHEMA public TO application;
GRANT SELECT, INSERT, UPDATE, DELETE ON riada.rejects TO ingest;
-- Role ingest may delete rows of delivered tables already; `make erase` uses it.
GRANT SELECT, INSERT, UPDATE ON riada.erasures TO ingest;
GRANT USAGE ON SEQUENCE riada.rejects_id_seq TO ingest;
GRANT SELECT ON ALL TABLES IN SCHEMA riada TO observer;
