"""The replication slots: does each have a reader, and how much WAL waits for the reader?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from contract.errors import UnreachableError
from contract.health.details.slot import SlotDetails
from contract.health.result import ProbeResult
from contract.stores.postgres.publication import PUBLICATION
from contract.stores.postgres.table import qualified
from contract.table.database import Database
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import SLOT
from control_center.health.by_database import with_others
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
    deployed = clients.deployed()
    others = {}
    if deployed.databases:
        with ThreadPoolExecutor(len(deployed.databases)) as pool:
            answers = pool.map(
                lambda database: _other(clients, database, deployed.tables),
                deployed.databases.values(),
            )
            others = dict(zip(deployed.databases, answers, strict=True))
    tables = {name: table for name, table in deployed.tables.items() if not table.database}
    names = _names(tables)
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
    return with_slots(
        evaluate(details_of_row(row, changes, left_out), tables),
        details_of_row(row, changes, left_out),
        {deployed.databases[name].slot: (name, slot) for name, slot in others.items() if slot},
    )


def with_slots(
    own: ProbeResult, details: SlotDetails, others: Mapping[str, tuple[str, SlotDetails]]
) -> ProbeResult:
    """`others`: name of a slot → its database and its details."""
    results = {database: evaluate(slot, name=name) for name, (database, slot) in others.items()}
    return with_others(own, results, replace(details, databases=dict(others.values())))


def _other(
    clients: Clients, database: Database, release: Mapping[str, Table]
) -> SlotDetails | None:
    """None while the server does not answer, which the probe of databases reports."""
    of = {name: table for name, table in release.items() if table.database == database.name}
    names = _names(of)
    try:
        with clients.postgres(database.name) as connection, connection.cursor() as cursor:
            cursor.execute(QUERY, [database.slot])
            row = cursor.fetchone()
            cursor.execute(CHANGES, [[key[0] for key in names], [key[1] for key in names]])
            changes = {names[schema, relation]: count for schema, relation, count in cursor}
    except UnreachableError:
        return None
    return details_of_row(row, changes)


def _names(tables: Mapping[str, Table]) -> dict[tuple[str, str], str]:
    return {(table.schema, table.relation): name for name, table in tables.items()}


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


def evaluate(
    slot: SlotDetails, tables: Mapping[str, Table] | None = None, name: str = SLOT
) -> ProbeResult:
    """A slot without a reader is never ok, and its retained WAL is never shown as 0. `name`: of the
    slot."""
    if not slot.exists:
        return OUTCOME.fail(
            f"the slot {name} does not exist: the connector manager creates it and sends every row "
            "again; until then nothing is captured",
            slot,
        )
    if slot.wal_status == "lost" or slot.retained_wal_bytes is None:
        return OUTCOME.fail(
            f"the slot {name} has lost WAL it needed (max_slot_wal_keep_size): the connector "
            "manager creates another and sends every row again",
            slot,
        )
    if slot.unpublished:
        left_out = slot.unpublished[0]
        also = f"; also {', '.join(slot.unpublished[1:])}" if slot.unpublished[1:] else ""
        table = (tables or {})[left_out]
        return OUTCOME.fail(
            f"the publication {PUBLICATION} leaves {table.schema}.{table.relation} out, so changes "
            f"of {left_out} are lost: ALTER PUBLICATION {PUBLICATION} ADD TABLE "
            f"{qualified(table)}, then make repair TABLE={left_out}{also}",
            slot,
            "postgres",
        )
    retained = f"{slot.retained_wal_bytes / MIB:,.1f} MiB of WAL"
    if not slot.active:
        return OUTCOME.fail(f"the slot {name} has no reader: {retained} waits", slot)
    if slot.wal_status != "reserved":
        return OUTCOME.warn(f"the reader of {name} falls behind: {retained} waits", slot)
    return OUTCOME.ok(f"has a reader, {retained} retained", slot)
