-- Refuses DDL that capture cannot follow: logical decoding carries rows, not statements. The catalog
-- after a statement is compared with what is delivered, so that new columns and other tables are free.
CREATE OR REPLACE FUNCTION riada.refuse_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    changed text;
    file text := 'NAME';
BEGIN
    IF current_setting('riada.ddl', true) = 'on' THEN
        RETURN;
    END IF;
    IF TG_EVENT = 'table_rewrite' THEN
        -- 1: unlogged or logged; 4: another type, or USING. New columns and VACUUM FULL rewrite too.
        IF pg_event_trigger_table_rewrite_reason() & 5 > 0 THEN
            SELECT 'the values of table ' || pg_event_trigger_table_rewrite_oid()::regclass || ' change', name
            INTO changed, file FROM riada.tables WHERE pg_event_trigger_table_rewrite_oid()
                = to_regclass(format('%I.%I', definition->>'schema', definition->>'relation'));
        END IF;
    ELSE
        SELECT coalesce(structure.cause, capture.cause), name INTO changed, file
        FROM riada.tables, riada.difference(definition) AS structure, riada.uncaptured(definition) AS capture
        WHERE tables.cause IS NULL AND coalesce(structure.cause, capture.cause) IS NOT NULL LIMIT 1;
        IF changed IS NULL THEN
            SELECT 'table riada.' || it || ' changes' INTO changed
            FROM (
                VALUES ('heartbeat', 2), ('signal', 3), ('capture', 5), ('scans', 11), ('tables', 5)
            ) AS own (it, columns)
            WHERE (
                SELECT count(*) FROM pg_attribute
                WHERE attrelid = to_regclass('riada.' || it) AND attnum > 0 AND NOT attisdropped
            ) <> columns
            UNION ALL SELECT 'publication riada is missing, or lacks changes'
            WHERE NOT EXISTS (
                SELECT FROM pg_publication WHERE pubname = 'riada' AND pubinsert AND pubupdate AND pubdelete
            )
            UNION ALL SELECT 'publication riada lacks riada.' || it
            FROM (VALUES ('heartbeat'), ('signal')) AS own (it)
            WHERE riada.published(to_regclass('riada.' || it)) IS NULL;
        END IF;
    END IF;
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION 'riada: refuses %, which would not reach Kafka and Cassandra: %', TG_TAG, changed
        USING HINT = format('What is delivered changes by tables/%s.toml and make deploy-dags. '
            'At your own risk: SET riada.ddl = ''on'' in this session, afterwards make compare.',
            coalesce(file, 'NAME'));
    END IF;
END $$;
REVOKE ALL ON FUNCTION riada.refuse_ddl() FROM PUBLIC;

DROP EVENT TRIGGER IF EXISTS refuse_ddl;
DROP EVENT TRIGGER IF EXISTS refuse_drop;
DROP EVENT TRIGGER IF EXISTS refuse_rewrite;
CREATE EVENT TRIGGER refuse_ddl ON ddl_command_end
WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE', 'ALTER TYPE', 'ALTER SCHEMA', 'ALTER PUBLICATION')
EXECUTE FUNCTION riada.refuse_ddl();
CREATE EVENT TRIGGER refuse_drop ON sql_drop EXECUTE FUNCTION riada.refuse_ddl();
CREATE EVENT TRIGGER refuse_rewrite ON table_rewrite EXECUTE FUNCTION riada.refuse_ddl();
ALTER EVENT TRIGGER refuse_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER refuse_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER refuse_rewrite ENABLE ALWAYS;
