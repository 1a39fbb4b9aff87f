"""Triggers of PostgreSQL for changes that logical decoding leaves out.

Invariant 1: PostgreSQL refuses a statement that capture cannot follow, and logs large values that
an update leaves unchanged.
"""

from __future__ import annotations

from contract.table.columns import COLUMNS

PUBLICATION = "riada"
# The tables of the publication, in schema public.
TABLES = ("users", "heartbeat")
GUARDED = (*TABLES, "capture")


def large_values() -> str:
    """A trigger that logs unchanged large values too: PostgreSQL keeps them apart (TOAST), and does
    not log them when an update leaves them unchanged. The trigger copies them, so they are logged.

    STORAGE MAIN is not enough: PostgreSQL still keeps values apart that do not fit a page of 8 KiB.
    REPLICA IDENTITY FULL would log each row twice and put deleted people on the topic.
    """
    texts = [column.name for column in COLUMNS if column.kind == "text"]
    copies = "\n    ".join(f"NEW.{name} := NEW.{name} || '';" for name in texts)
    return f"""\
CREATE OR REPLACE FUNCTION public.log_large_values() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    {copies}
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER log_large_values BEFORE UPDATE ON public.users
FOR EACH ROW EXECUTE FUNCTION public.log_large_values();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER log_large_values;
"""


REFUSE_TRUNCATE = """\
CREATE OR REPLACE FUNCTION public.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'riada: refuses TRUNCATE of table public.users: Cassandra would keep its rows'
    USING HINT = 'DELETE FROM public.users reaches Cassandra.';
END $$;
CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.users
FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER refuse_truncate;
"""

# Statements around Riada's own DDL.
ALLOW_DDL, FORBID_DDL = "SET riada.ddl = 'on';\n", "RESET riada.ddl;\n"

_GUARDED = ", ".join(f"'public.{name}'" for name in GUARDED)

REFUSE_DDL = f"""\
-- Changes of the tables that capture needs and of the publication do not reach Cassandra.
-- The function has its own schema, so that it still exists while public is dropped.
CREATE SCHEMA IF NOT EXISTS riada;
CREATE OR REPLACE FUNCTION riada.refuse_ddl() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    tables CONSTANT text[] := ARRAY[{_GUARDED}];
    changed text;
BEGIN
    IF current_setting('riada.ddl', true) = 'on' THEN
        RETURN;
    END IF;
    IF TG_EVENT = 'sql_drop' THEN
        SELECT object_type || ' ' || object_identity INTO changed
        FROM pg_event_trigger_dropped_objects()
        WHERE CASE object_type
            WHEN 'publication' THEN object_identity = '{PUBLICATION}'
            WHEN 'publication relation' THEN address_args = '{{{PUBLICATION}}}'
            ELSE array_to_string(address_names[1:2], '.') = ANY (tables)
        END;
    ELSE
        SELECT object_type || ' ' || object_identity INTO changed
        FROM pg_event_trigger_ddl_commands()
        WHERE CASE
            WHEN command_tag = 'ALTER TABLE' THEN objid IN (
                SELECT to_regclass(name) FROM unnest(tables) AS name)
            WHEN command_tag = 'ALTER PUBLICATION'
            THEN object_identity ~ '^(.* in publication )?{PUBLICATION}$'
        END;
    END IF;
    IF changed IS NULL THEN -- renamed, or given a child table
        SELECT 'table ' || name INTO changed FROM unnest(tables) AS name
        WHERE to_regclass(name) IS NULL
        UNION ALL SELECT 'publication {PUBLICATION}'
        WHERE NOT EXISTS (SELECT FROM pg_publication WHERE pubname = '{PUBLICATION}')
        UNION ALL SELECT 'a child of table ' || inhparent::regclass FROM pg_inherits
        WHERE inhparent IN (SELECT to_regclass(name) FROM unnest(tables) AS name);
    END IF;
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION 'riada: refuses % of %: it would not reach Kafka and Cassandra',
            TG_TAG, changed
        USING HINT = 'For columns change contract/table/columns.py, then make up and '
            'make deploy-dags. '
            'At your own risk: SET riada.ddl = ''on'' in this session, afterwards make compare.';
    END IF;
END $$;
DROP EVENT TRIGGER IF EXISTS refuse_ddl;
DROP EVENT TRIGGER IF EXISTS refuse_drop;
CREATE EVENT TRIGGER refuse_ddl ON ddl_command_end
WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE', 'ALTER PUBLICATION')
EXECUTE FUNCTION riada.refuse_ddl();
CREATE EVENT TRIGGER refuse_drop ON sql_drop EXECUTE FUNCTION riada.refuse_ddl();
ALTER EVENT TRIGGER refuse_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER refuse_drop ENABLE ALWAYS;
"""


def ddl() -> str:
    return "\n".join([large_values(), REFUSE_TRUNCATE, REFUSE_DDL])
