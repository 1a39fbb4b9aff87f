-- Functions that make a table fit for delivery; contract/stores/postgres/delivery.py calls them.

-- The columns of a relation as riada.tables.definition has them. `labels`: oid → label of an enum.
CREATE OR REPLACE FUNCTION riada.columns(relation regclass) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT jsonb_agg(jsonb_build_object(
        'name', attname, 'type', format_type(atttypid, atttypmod), 'required', attnotnull, 'labels', (
            SELECT jsonb_object_agg(pg_enum.oid::text, enumlabel) FROM pg_enum
            WHERE enumtypid IN (atttypid, typelem)
        )
    ) ORDER BY attnum)
    FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped;
$$;

-- Which columns of a relation Debezium takes for the same one, because it compares names in lower case; NULL
-- if there are none.
CREATE OR REPLACE FUNCTION riada.ambiguous(id oid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT format('columns %s of table %s differ in upper and lower case only',
        string_agg(quote_ident(attname), ', ' ORDER BY attnum), id::regclass)
    FROM pg_attribute WHERE attrelid = id AND attnum > 0 AND NOT attisdropped
    GROUP BY lower(attname::text COLLATE "und-x-icu") HAVING count(*) > 1 LIMIT 1;
$$;

-- How the catalog differs from a definition: cause and remedy, both NULL if it does not.
CREATE OR REPLACE FUNCTION riada.difference(definition jsonb, OUT cause text, OUT remedy text)
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog AS $$
DECLARE
    relation text := format('%I.%I', definition->>'schema', definition->>'relation');
    id oid := to_regclass(relation);
    keys text := (SELECT string_agg(quote_ident(it), ', ') FROM jsonb_array_elements_text(definition->'key') AS it);
    present text[];
BEGIN
    IF id IS NULL THEN
        cause := format('table %s is missing', relation);
        remedy := 'Create it again, or make deploy-dags REMOVE=NAME.';
        RETURN;
    END IF;
    SELECT format('table %s %s', relation, CASE
        WHEN relkind <> 'r' OR relispartition THEN 'is not an ordinary table'
        WHEN relpersistence <> 'p' THEN 'is unlogged, so its changes are in no WAL'
        WHEN EXISTS (SELECT FROM pg_inherits WHERE id IN (inhparent, inhrelid)) THEN 'has a parent or a child'
    END) INTO cause FROM pg_class WHERE oid = id AND (
        relkind <> 'r' OR relispartition OR relpersistence <> 'p'
        OR EXISTS (SELECT FROM pg_inherits WHERE id IN (inhparent, inhrelid)));
    IF cause IS NOT NULL THEN
        remedy := 'Logical decoding carries ordinary, logged tables without parents and children.';
        RETURN;
    END IF;
    cause := riada.ambiguous(id);
    IF cause IS NOT NULL THEN
        remedy := 'Rename one of them.';
        RETURN;
    END IF;
    SELECT CASE
            WHEN attname IS NULL THEN format('table %s has no column %I', relation, it->>'name')
            WHEN format_type(atttypid, atttypmod) <> it->>'type' THEN format('column %I of table %s is %s, not %s',
                it->>'name', relation, format_type(atttypid, atttypmod), it->>'type')
            WHEN attgenerated <> '' THEN format('column %I of table %s is GENERATED ALWAYS AS', it->>'name', relation)
            ELSE format('column %I of table %s may be null', it->>'name', relation)
        END,
        CASE
            WHEN attname IS NULL THEN format('ALTER TABLE %s ADD COLUMN %I %s%s;', relation, it->>'name',
                it->>'type', CASE WHEN (it->>'required')::boolean THEN ' NOT NULL' ELSE '' END)
            WHEN format_type(atttypid, atttypmod) <> it->>'type' THEN format(
                'ALTER TABLE %s ALTER COLUMN %I TYPE %s; or give the column the other type in its file',
                relation, it->>'name', it->>'type')
            WHEN attgenerated <> '' THEN 'PostgreSQL does not send its values: name it in not_delivered, '
                'or fill an ordinary column by a trigger'
            ELSE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL; or add null to the column in its file',
                relation, it->>'name')
        END
    INTO cause, remedy
    FROM jsonb_array_elements(definition->'columns') WITH ORDINALITY AS wanted (it, place)
    LEFT JOIN pg_attribute ON attrelid = id AND attname = it->>'name' AND attnum > 0 AND NOT attisdropped
    WHERE attname IS NULL OR format_type(atttypid, atttypmod) <> it->>'type' OR attgenerated <> ''
        OR (it->>'required')::boolean AND NOT attnotnull AND NOT definition->'key' ? (it->>'name')
    ORDER BY place LIMIT 1;
    IF cause IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT format('label %L of %s, the type of column %I of table %s, has another name', old.label, it->>'type',
        it->>'name', relation) INTO cause
    FROM jsonb_array_elements(definition->'columns') AS it,
        jsonb_each_text(nullif(it->'labels', 'null')) AS old (id, label)
    JOIN pg_enum ON pg_enum.oid = old.id::oid AND enumlabel <> old.label LIMIT 1;
    IF cause IS NOT NULL THEN
        remedy := 'Rows changed without an event: run apply-tables in the container of postgres, then make repair.';
        RETURN;
    END IF;
    SELECT array_agg(attname ORDER BY attname) INTO present
    FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
    WHERE indrelid = id AND indisprimary;
    IF present IS DISTINCT FROM (
        SELECT array_agg(it ORDER BY it::name) FROM jsonb_array_elements_text(definition->'key') AS it
    ) THEN
        cause := format('the primary key of table %s is not (%s)', relation, keys);
        remedy := format('ALTER TABLE %s ADD PRIMARY KEY (%s);', relation, keys);
        IF present IS NOT NULL THEN
            remedy := format('Give its file the key (%s), or replace the primary key.', array_to_string(present, ', '));
        END IF;
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indrelid = id AND indisprimary AND NOT indimmediate) THEN
        cause := format('the primary key of table %s is DEFERRABLE: PostgreSQL refuses UPDATE and DELETE of such a '
            'table once it is published', relation);
        remedy := 'Replace it by a primary key that is not deferrable.';
        RETURN;
    END IF;
    IF (SELECT relreplident FROM pg_class WHERE oid = id) <> 'd' THEN
        cause := format('table %s has another replica identity than its primary key', relation);
        remedy := format('ALTER TABLE %s REPLICA IDENTITY DEFAULT;', relation);
    END IF;
END $$;

-- What capture needs of a table beside its structure.
CREATE OR REPLACE FUNCTION riada.uncaptured(definition jsonb, OUT cause text, OUT remedy text)
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog AS $$
DECLARE
    relation text := format('%I.%I', definition->>'schema', definition->>'relation');
BEGIN
    IF riada.published(to_regclass(relation)) IS DISTINCT FROM 'all' THEN
        cause := format('publication riada does not hold all of table %s', relation);
    ELSIF EXISTS (
        SELECT it FROM jsonb_array_elements_text(definition->'triggers') AS it
        EXCEPT SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(relation) AND tgenabled = 'A'
    ) THEN
        cause := format('a trigger of riada is missing or disabled on table %s', relation);
    END IF;
    IF cause IS NOT NULL THEN
        remedy := 'Run apply-tables in the container of postgres.';
    END IF;
END $$;

-- Refuses a table that cannot be delivered, with the remedy as the hint.
CREATE OR REPLACE FUNCTION riada.require(definition jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog SET riada.ddl = 'on' AS $$
DECLARE
    relation text := format('%I.%I', definition->>'schema', definition->>'relation');
    found record;
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(relation) AND relkind = 'r' AND relreplident <> 'd') THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', relation);
    END IF;
    SELECT * INTO found FROM riada.difference(definition);
    IF found.cause IS NOT NULL THEN
        RAISE EXCEPTION '%', found.cause USING HINT = found.remedy;
    END IF;
END $$;

-- Publishes a table, and records it as delivered.
CREATE OR REPLACE FUNCTION riada.publish(table_name text, script_hash text, delivered jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog SET riada.ddl = 'on' AS $$
DECLARE
    relation text := format('%I.%I', delivered->>'schema', delivered->>'relation');
BEGIN
    IF riada.published(to_regclass(relation)) IS DISTINCT FROM 'all' THEN
        -- The lock waits for transactions that have written to the table: they began before the
        -- publication had it, so neither the stream nor a snapshot that begins now would have them.
        EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', relation);
        IF riada.published(to_regclass(relation)) IS NOT NULL THEN
            EXECUTE format('ALTER PUBLICATION riada DROP TABLE %s', relation);
        END IF;
        EXECUTE format('ALTER PUBLICATION riada ADD TABLE %s', relation);
    END IF;
    INSERT INTO riada.tables (name, hash, applied_at, cause, definition)
    VALUES (table_name, script_hash, now(), NULL, delivered)
    ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, applied_at = excluded.applied_at,
        cause = excluded.cause, definition = excluded.definition;
END $$;

-- Ends the delivery of a table. Its rows stay.
CREATE OR REPLACE FUNCTION riada.withdraw(table_name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog SET riada.ddl = 'on' AS $$
DECLARE
    delivered jsonb := (SELECT definition FROM riada.tables WHERE name = table_name);
    relation text;
    it text;
BEGIN
    IF delivered IS NOT NULL THEN
        relation := format('%I.%I', delivered->>'schema', delivered->>'relation');
    END IF;
    IF to_regclass(relation) IS NOT NULL THEN
        IF riada.published(to_regclass(relation)) IS NOT NULL THEN
            EXECUTE format('ALTER PUBLICATION riada DROP TABLE %s', relation);
        END IF;
        FOR it IN SELECT jsonb_array_elements_text(delivered->'triggers') LOOP
            EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', it, relation);
        END LOOP;
        FOR it IN SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(relation)
            AND contype = 'c' AND obj_description(oid, 'pg_constraint') LIKE 'riada: %' LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', relation, it);
        END LOOP;
    END IF;
    EXECUTE format('DROP FUNCTION IF EXISTS riada.%I()', 'copy_' || table_name);
    DELETE FROM riada.tables WHERE name = table_name;
END $$;

-- Records for each delivered table whether the catalog is still as delivered.
CREATE OR REPLACE FUNCTION riada.verify() RETURNS void
LANGUAGE sql SET search_path = pg_catalog AS $$
    UPDATE riada.tables SET cause = found.cause
    FROM (
        SELECT name, coalesce(structure.cause || '. ' || structure.remedy, capture.cause || '. ' || capture.remedy)
            AS cause
        FROM riada.tables, riada.difference(definition) AS structure, riada.uncaptured(definition) AS capture
    ) AS found
    WHERE tables.name = found.name AND hash <> '' AND tables.cause IS DISTINCT FROM found.cause;
$$;

-- Gives a table the constraints that {name: condition} lists, and drops those that Riada made before.
-- The comment of each begins with a mark, followed by its condition. Debezium cannot read the rows
-- that violate a `strict` one: the table is refused if it has any.
CREATE OR REPLACE FUNCTION riada.check_domain(relation regclass, wanted jsonb, strict jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog SET riada.ddl = 'on' AS $$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT name, condition, present.name AS obsolete FROM (
            SELECT key, value FROM jsonb_each_text(wanted)
        ) AS wanted (name, condition) FULL JOIN (
            SELECT conname::text, substr(obj_description(oid, 'pg_constraint'), length('riada: ') + 1)
            FROM pg_constraint WHERE conrelid = relation AND contype = 'c'
            AND obj_description(oid, 'pg_constraint') LIKE 'riada: %'
        ) AS present (name, condition) USING (name, condition)
        WHERE wanted.name IS NULL OR present.name IS NULL
        ORDER BY present.name
    LOOP
        IF it.obsolete IS NOT NULL THEN
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', relation, it.obsolete);
        ELSE
            EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s) %s', relation, it.name, it.condition,
                CASE WHEN strict ? it.name THEN '' ELSE 'NOT VALID' END);
            EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', it.name, relation, 'riada: ' || it.condition);
        END IF;
    END LOOP;
END $$;

-- Validates the constraints that Riada made. Older rows may violate them: a warning counts these rows, and
-- each change of them must be inside the domain. The table's owner may have replaced a constraint: one that
-- calls a function of the owner would call it as the superuser, so it is left alone.
CREATE OR REPLACE FUNCTION riada.validate(relation regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog SET riada.ddl = 'on' AS $$
DECLARE
    it record;
    outside bigint;
    -- not the regclass itself, whose text lacks the schema where the search_path has it
    name text := (SELECT format('%I.%I', nspname, relname) FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = relation);
    keys text := (SELECT string_agg(quote_ident(attname), ', ' ORDER BY array_position(indkey::smallint[], attnum))
        FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
        WHERE indrelid = relation AND indisprimary);
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = relation AND contype = 'c' AND NOT convalidated) THEN
        RETURN;
    END IF;
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', name); -- its owner cannot alter it now
    IF to_regclass(name) IS DISTINCT FROM relation THEN
        RAISE EXCEPTION 'table % is another one now', name;
    END IF;
    FOR it IN SELECT conname, pg_get_expr(conbin, conrelid) AS condition FROM pg_constraint
        WHERE conrelid = relation AND contype = 'c' AND NOT convalidated
        AND obj_description(oid, 'pg_constraint') LIKE 'riada: %'
        AND NOT EXISTS ( -- PostgreSQL's own functions and operators are in no row
            SELECT FROM pg_depend LEFT JOIN pg_type ON refclassid = 'pg_type'::regclass AND pg_type.oid = refobjid
            WHERE classid = 'pg_constraint'::regclass AND objid = pg_constraint.oid
            AND (refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass) OR typtype = 'd')
        ) ORDER BY conname
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', name, it.conname);
        EXCEPTION WHEN check_violation THEN
            EXECUTE format('SELECT count(*) FROM %s WHERE NOT (%s)', name, it.condition) INTO outside;
            RAISE WARNING 'riada: % rows of % violate %: they do not reach Cassandra', outside, name, it.conname
            USING HINT = format('Correct them: SELECT %s FROM %s WHERE NOT (%s). '
                'Then SELECT riada.validate(%L).', keys, name, it.condition, name);
        END;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION riada.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'riada: refuses TRUNCATE of table %.%: Cassandra would keep its rows',
        TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING HINT = format('DELETE FROM %I.%I reaches Cassandra.', TG_TABLE_SCHEMA, TG_TABLE_NAME);
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA riada FROM PUBLIC;
