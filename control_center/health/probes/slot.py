"""The replication slot: does it have a reader, and how much WAL waits for the reader?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from contract.health.details.slot import SlotDetails
from contract.health.result import ProbeResult
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.table import qualified
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import SLOT
from control_center.health.outcome import Outcome

OUTCOME = Outcome("slot", "connect", asked="postgres")
MIB = 1 << 20

QUERY = """
SELECT active, wal_status, restart_lsn::text, confirmed_flush_lsn::text, safe_wal_size,
       pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint,
       pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint
FROM pg_replication_slots WHERE slot_name = %s
"""

CHANGES = """
SELECT schemaname, relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables
WHERE (schemaname, relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""

PUBLISHED = f"""
SELECT schemaname::text, tablename::text FROM pg_publication_tables
WHERE pubname = '{PUBLICATION}'
"""

# A table is added to the publication when its definition is applied.
APPLIED = "SELECT name FROM riada.tables WHERE cause IS NULL"


def probe(clients: Clients) -> ProbeResult:
    tables = clients.tables()
    names = {(table.schema, table.relation): name for name, table in tables.items()}
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(QUERY, [SLOT])
        row = cursor.fetchone()
        cursor.execute(CHANGES, [[key[0] for key in names], [key[1] for key in names]])
        changes = {names[schema, relation]: count for schema, relation, count in cursor}
        cursor.execute(PUBLISHED)
        published = set(cursor.fetchall())
        cursor.execute(APPLIED)
        applied = {name for (name,) in cursor}
    left_out = unpublished(tables, published, applied)
    return evaluate(details_of_row(row, changes, left_out), tables)


def unpublished(
    tables: Mapping[str, Table],
    published: Collection[tuple[str, str]],
    applied: Collection[str],
) -> list[str]:
    """The tables that the publication leaves out although their definition was applied.
    `published`: schema and relation; `applied`: names."""
    return sorted(
        name
        for name, table in tables.items()
        if name in applied and (table.schema, table.relation) not in published
    )


def details_of_row(
    row: tuple[Any, ...] | None, changes: Mapping[str, int], unpublished: Sequence[str] = ()
) -> SlotDetails:
    """`row`: the row of QUERY, None without the slot."""
    tables: dict[str, Any] = {"changes": changes, "unpublished": tuple(unpublished)}
    if row is None:
        return SlotDetails(exists=False, active=False, **tables)
    active, status, restart, confirmed, safe, retained, unconfirmed = row
    return SlotDetails(
        exists=True,
        active=active,
        wal_status=status,
        restart_lsn=restart,
        confirmed_flush_lsn=confirmed,
        retained_wal_bytes=retained,
        unconfirmed_bytes=unconfirmed,
        safe_wal_bytes=safe,
        **tables,
    )


def evaluate(slot: SlotDetails, tables: Mapping[str, Table] | None = None) -> ProbeResult:
    """A slot without a reader is never ok, and its retained WAL is never shown as 0."""
    if not slot.exists:
        return OUTCOME.fail(
            f"the slot {SLOT} does not exist: the connector manager creates it and sends every row "
            "again; until then nothing is captured",
            slot,
        )
    if slot.wal_status == "lost" or slot.retained_wal_bytes is None:
        return OUTCOME.fail(
            f"the slot {SLOT} has lost WAL it needed (max_slot_wal_keep_size): the connector "
            "manager creates another and sends every row again",
            slot,
        )
    if slot.unpublished:
        name = slot.unpublished[0]
        also = f"; also {', '.join(slot.unpublished[1:])}" if slot.unpublished[1:] else ""
        table = (tables or {})[name]
        return OUTCOME.fail(
            f"the publication {PUBLICATION} leaves {table.schema}.{table.relation} out, so changes "
            f"of {name} are lost: ALTER PUBLICATION {PUBLICATION} ADD TABLE {qualified(table)}, "
            f"then make repair TABLE={name}{also}",
            slot,
            "postgres",
        )
    retained = f"{slot.retained_wal_bytes / MIB:,.1f} MiB of WAL"
    if not slot.active:
        return OUTCOME.fail(f"the slot {SLOT} has no reader: {retained} waits", slot)
    if slot.wal_status != "reserved":
        return OUTCOME.warn(f"the reader of {SLOT} falls behind: {retained} waits", slot)
    return OUTCOME.ok(f"has a reader, {retained} retained", slot)
