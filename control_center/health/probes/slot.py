"""The replication slot: does it have a reader, and how much WAL waits for the reader?"""

from __future__ import annotations

from typing import Any

from contract.health.details.slot import SlotDetails
from contract.health.result import ProbeResult
from contract.stores.postgres.triggers import PUBLICATION
from control_center.clients.clients import Clients
from control_center.config import SLOT
from control_center.health.outcome import Outcome

OUTCOME = Outcome("slot", "connect", asked="postgres")
MIB = 1 << 20

QUERY = """
SELECT active, wal_status, restart_lsn::text, confirmed_flush_lsn::text, safe_wal_size,
       pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint,
       pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint,
       (SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables
        WHERE relid = 'public.users'::regclass)
FROM pg_replication_slots WHERE slot_name = %s
"""

PUBLISHED = f"""
SELECT EXISTS (SELECT FROM pg_publication_tables
               WHERE pubname = '{PUBLICATION}' AND schemaname = 'public' AND tablename = 'users')
"""


def probe(clients: Clients) -> ProbeResult:
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(QUERY, [SLOT])
        row = cursor.fetchone()
        cursor.execute(PUBLISHED)
        (published,) = cursor.fetchone() or (False,)
    return evaluate(details_of_row(row, published))


def details_of_row(row: tuple[Any, ...] | None, published: bool = True) -> SlotDetails:
    """`row`: the row of QUERY, None without the slot."""
    if row is None:
        return SlotDetails(exists=False, active=False, published=published)
    active, status, restart, confirmed, safe, retained, unconfirmed, changes = row
    return SlotDetails(
        exists=True,
        active=active,
        wal_status=status,
        restart_lsn=restart,
        confirmed_flush_lsn=confirmed,
        retained_wal_bytes=retained,
        unconfirmed_bytes=unconfirmed,
        safe_wal_bytes=safe,
        changes=changes,
        published=published,
    )


def evaluate(slot: SlotDetails) -> ProbeResult:
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
    if not slot.published:
        return OUTCOME.fail(
            f"the publication {PUBLICATION} leaves public.users out, so its changes are lost: "
            f"ALTER PUBLICATION {PUBLICATION} ADD TABLE public.users, then make repair",
            slot,
            "postgres",
        )
    retained = f"{slot.retained_wal_bytes / MIB:,.1f} MiB of WAL"
    if not slot.active:
        return OUTCOME.fail(f"the slot {SLOT} has no reader: {retained} waits", slot)
    if slot.wal_status != "reserved":
        return OUTCOME.warn(f"the reader of {SLOT} falls behind: {retained} waits", slot)
    return OUTCOME.ok(f"has a reader, {retained} retained", slot)
