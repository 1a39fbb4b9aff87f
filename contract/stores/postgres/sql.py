"""`users` in PostgreSQL: its upsert and its idempotent DDL.

`python -m contract.stores.postgres.sql` prints the DDL.

The roles of contract/stores/postgres/roles.py must exist. The superuser runs the DDL.
"""

from __future__ import annotations

from contract.stores.postgres import constraints, triggers
from contract.stores.postgres.roles import Role
from contract.stores.postgres.triggers import PUBLICATION
from contract.table.columns import COLUMNS, NAMES, Column

# Debezium runs this statement, so that its slot advances while there are no writes to users.
HEARTBEAT = (
    "INSERT INTO public.heartbeat (id, at) VALUES (1, now()) "
    "ON CONFLICT (id) DO UPDATE SET at = excluded.at"
)

# Every column, in order. Timestamps as text: Python's datetime cannot hold all of them.
READ = ", ".join(
    f"{column.name}::text" if column.kind == "timestamp" else column.name for column in COLUMNS
)

# For psycopg2.extras.execute_values. Each id must occur only once in the rows. Rows that are stored
# already do not change, so a repeated batch emits no change event.
UPSERT = f"""\
INSERT INTO public.users AS u ({", ".join(NAMES)}) VALUES %s
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in NAMES[1:])}
WHERE ({", ".join(f"u.{name}" for name in NAMES[1:])})
IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in NAMES[1:])})"""

# For execute_values, with psycopg2.extras.Json(without_secrets(person)) as the last value.
REJECT = """\
INSERT INTO public.rejects (source, seed, page, position, reason, person) VALUES %s
ON CONFLICT (source, seed, page, position) DO NOTHING"""


def column_type(column: Column) -> str:
    """The PostgreSQL type, e.g. varchar(255)."""
    return {
        "uuid": "uuid",
        "text": f"varchar({column.max_length})",
        "int": "integer",
        "double": "double precision",
        "timestamp": "timestamptz(3)",
    }[column.kind]


def users_table() -> str:
    """CREATE TABLE, and ADD COLUMN for each nullable column: only those may be added later."""
    columns = [
        f"{column.name} {column_type(column)}{'' if column.nullable else ' NOT NULL'}"
        for column in COLUMNS
    ]
    later = [
        f"ADD COLUMN IF NOT EXISTS {column.name} {column_type(column)}"
        for column in COLUMNS
        if column.nullable
    ]
    return (
        "CREATE TABLE IF NOT EXISTS public.users (\n    "
        + ",\n    ".join([*columns, "PRIMARY KEY (id)"])
        + "\n);\nALTER TABLE public.users\n    "
        + ",\n    ".join(later)
        + ";\n"
    )


OTHER_TABLES = """\
CREATE TABLE IF NOT EXISTS public.rejects (
    id bigserial PRIMARY KEY,
    source text NOT NULL,
    seed text NOT NULL,
    page integer NOT NULL,
    position integer NOT NULL,
    reason text NOT NULL,
    person jsonb,
    at timestamptz(3) NOT NULL DEFAULT now(),
    UNIQUE (source, seed, page, position)
);
CREATE TABLE IF NOT EXISTS public.heartbeat (id integer PRIMARY KEY, at timestamptz(3) NOT NULL);
"""

PUBLISHED = ", ".join(f"public.{name}" for name in triggers.TABLES)
PUBLISH = f"""\
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = '{PUBLICATION}') THEN
        CREATE PUBLICATION {PUBLICATION} FOR TABLE {PUBLISHED};
    END IF;
END $$;
"""

CAPTURE = """\
-- One row, whose mark the connector manager increments: a lower mark means a restored database.
CREATE TABLE IF NOT EXISTS public.capture (
    id integer PRIMARY KEY CHECK (id = 1),
    epoch integer NOT NULL,
    mark bigint NOT NULL,
    began_at timestamptz(3) NOT NULL,
    reason text NOT NULL
);
DROP FUNCTION IF EXISTS public.hold_users();
"""

GRANTS = f"""\
GRANT SELECT, INSERT, UPDATE, DELETE ON public.users, public.rejects TO {Role.INGEST.value};
GRANT USAGE ON SEQUENCE public.rejects_id_seq TO {Role.INGEST.value};
GRANT SELECT ON public.users TO {Role.DEBEZIUM.value};
GRANT SELECT, INSERT, UPDATE ON public.heartbeat, public.capture TO {Role.DEBEZIUM.value};
GRANT SELECT ON public.users, public.rejects, public.heartbeat, public.capture
TO {Role.OBSERVER.value};
"""


def ddl() -> str:
    """Idempotent SQL for everything in the database."""
    tables = [users_table(), constraints.ddl(), OTHER_TABLES, PUBLISH, CAPTURE, GRANTS]
    return "\n".join([triggers.ALLOW_DDL, *tables, triggers.ddl(), triggers.FORBID_DDL])


if __name__ == "__main__":
    print(ddl())
