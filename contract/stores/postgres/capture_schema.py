"""The tables of schema riada that capture needs in each PostgreSQL whose tables are delivered.

python -m contract.stores.postgres.capture_schema ROLE   # with the grants of that role
"""

from __future__ import annotations

import sys

from contract.stores.quoting import quoted

SCHEMA = "riada"
# Those that the publication holds beside the delivered tables: Debezium reads their changes.
PUBLISHED = (f"{SCHEMA}.heartbeat", f"{SCHEMA}.signal")
# What the role of capture may do with each of them.
RIGHTS = {
    f"{SCHEMA}.heartbeat": "SELECT, INSERT, UPDATE",
    f"{SCHEMA}.signal": "SELECT, INSERT, DELETE",
    f"{SCHEMA}.capture": "SELECT, INSERT, UPDATE",
    f"{SCHEMA}.scans": "SELECT, INSERT, UPDATE",
}
# Debezium runs it, so that its slot advances while nobody writes to a delivered table.
HEARTBEAT = (
    f"INSERT INTO {SCHEMA}.heartbeat (id, at) VALUES (1, now()) "
    "ON CONFLICT (id) DO UPDATE SET at = excluded.at"
)
# Idempotent, for PostgreSQL 13 and newer.
DDL = """\
CREATE SCHEMA IF NOT EXISTS riada;

-- Debezium writes it, so that its slot advances while nobody writes to a delivered table.
CREATE TABLE IF NOT EXISTS riada.heartbeat (id integer PRIMARY KEY, at timestamptz(3) NOT NULL);

-- Asks Debezium for the existing rows of a table:
-- https://debezium.io/documentation/reference/3.1/configuration/signalling.html
CREATE TABLE IF NOT EXISTS riada.signal (
    id varchar(42) PRIMARY KEY,
    type varchar(32) NOT NULL,
    data text
);

-- One row, whose mark the connector manager increments: a lower mark means a restored database.
CREATE TABLE IF NOT EXISTS riada.capture (
    id integer PRIMARY KEY CHECK (id = 1),
    epoch integer NOT NULL,
    mark bigint NOT NULL,
    began_at timestamptz(3) NOT NULL,
    reason text NOT NULL
);

-- The existing rows of each table that was captured once. `name` of its file; `relation`: such as
-- public.orders; `published`: pg_publication_rel.oid when they were requested; another one means
-- that the table was not published in between; NULL: the table has left the release. `added_epoch`:
-- the first epoch of the table; `captured_epoch`, `requested_at`: of the newest request for all of
-- its rows. `expected`: requests for rows of the table; `ended`: those that Debezium has ended.
-- `arrived_at`: when it had read all of them; `scan_failure`: why it could not.
-- `uncaptured_until`: when the table was published again; rows that were deleted before may be in
-- Cassandra until a comparison is equal.
CREATE TABLE IF NOT EXISTS riada.scans (
    name text PRIMARY KEY,
    relation text NOT NULL,
    published oid,
    added_epoch integer,
    captured_epoch integer,
    requested_at timestamptz(3),
    expected integer NOT NULL DEFAULT 0,
    ended integer NOT NULL DEFAULT 0,
    arrived_at timestamptz(3),
    scan_failure text,
    uncaptured_until timestamptz(3)
);
"""


def grants(role: str) -> str:
    """What capture and the Control Center need in schema riada."""
    lines = [f"GRANT USAGE ON SCHEMA {SCHEMA} TO {quoted(role)};"]
    lines += [f"GRANT {rights} ON {name} TO {quoted(role)};" for name, rights in RIGHTS.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(DDL, *map(grants, sys.argv[1:]), sep="\n", end="")
