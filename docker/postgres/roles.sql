-- Roles, passwords, databases and schema riada of `people`; run on every start.
-- Passwords come from the secrets by psql itself: on no command line, in no log.
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY['airflow', 'registry', 'ingest', 'application', 'debezium', 'observer']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

\set superuser `cat /run/secrets/postgres-superuser`
\set airflow `cat /run/secrets/postgres-airflow`
\set registry `cat /run/secrets/postgres-registry`
\set ingest `cat /run/secrets/postgres-ingest`
\set application `cat /run/secrets/postgres-application`
\set debezium `cat /run/secrets/postgres-debezium`
\set observer `cat /run/secrets/postgres-observer`
ALTER ROLE postgres PASSWORD :'superuser';
ALTER ROLE airflow LOGIN PASSWORD :'airflow';
ALTER ROLE registry LOGIN PASSWORD :'registry';
-- Apicurio inserts a schema first and reads it when the insert fails with "duplicate key value", which Connect's
-- converters cause about every 20 s. The registry's own log has the errors that it does not expect.
ALTER ROLE registry SET log_min_messages = fatal;
ALTER ROLE ingest LOGIN PASSWORD :'ingest';
ALTER ROLE application LOGIN PASSWORD :'application';
-- BYPASSRLS: a table's row-level security hides no row from capture and comparison.
ALTER ROLE debezium LOGIN REPLICATION BYPASSRLS PASSWORD :'debezium';
ALTER ROLE observer LOGIN BYPASSRLS PASSWORD :'observer';
GRANT pg_monitor TO observer;

SELECT format('CREATE DATABASE %I OWNER %I', name, owner)
FROM (VALUES ('people', 'postgres'), ('airflow', 'airflow'), ('registry', 'registry')) AS wanted (name, owner)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec

REVOKE CONNECT, TEMPORARY ON DATABASE people, airflow, registry FROM PUBLIC;
GRANT CONNECT ON DATABASE people TO ingest, application, debezium, observer;

\connect people
-- Owners of tables may make functions and operators in schema public, which would run as the superuser.
SET search_path = pg_catalog, pg_temp;
SET client_min_messages = warning;
SET riada.ddl = 'on';
BEGIN;
\include /etc/riada/sql/schema.sql
-- Whether the server accepts clear text.
GRANT SELECT ON pg_hba_file_rules TO observer;
GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO observer;
\include /etc/riada/sql/deliver.sql
\include /etc/riada/sql/guard.sql
COMMIT;
