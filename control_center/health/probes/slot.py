"""The replication slot: who reads PostgreSQL's changes, and how much WAL waits for the reader?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from contract.postgres.sql import PUBLICATION
from control_center.clients.clients import Clients
from control_center.config import SLOT
from control_center.health.result import ProbeResult, ProbeState

NAME = "slot"
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
    return evaluate(row, published)


def retained(evidence: Mapping[str, Any]) -> float | None:
    """Bytes of WAL, from this probe's evidence; never 0 while nobody reads the slot, NaN when it is
    gone or has lost WAL, None where nothing is known of it."""
    if "active" not in evidence:
        return None
    size = evidence.get("retained_wal_bytes")
    if size is None or (not evidence["active"] and not size):
        return math.nan
    return float(size)


def evaluate(row: tuple[object, ...] | None, published: bool = True) -> ProbeResult:
    """A slot without a reader is never ok, and what it retains is never shown as 0."""
    if row is None:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the slot {SLOT} is gone: the connector manager makes another and sends every row "
            "again; until then nothing is captured",
            "connect",
            {"exists": False, "active": False, "retained_wal_bytes": None},
        )
    active, status, restart, confirmed, safe, retained, unconfirmed, changes = row
    evidence = {
        "exists": True,
        "active": active,
        "wal_status": status,
        "restart_lsn": restart,
        "confirmed_flush_lsn": confirmed,
        "retained_wal_bytes": retained,
        "unconfirmed_bytes": unconfirmed,
        "safe_wal_bytes": safe,
        "changes": changes,
        "published": published,
    }
    if status == "lost" or retained is None:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the slot {SLOT} has lost WAL it needed (max_slot_wal_keep_size): the connector "
            "manager makes another and sends every row again",
            "connect",
            evidence,
        )
    held = f"{int(str(retained)) / MIB:,.1f} MiB of WAL"
    if not published:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"the publication {PUBLICATION} leaves public.users out, so its changes are lost: "
            f"ALTER PUBLICATION {PUBLICATION} ADD TABLE public.users, then make repair",
            "postgres",
            evidence,
        )
    if not active:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"nobody reads the slot {SLOT}: {held} waits",
            "connect",
            evidence,
        )
    if status != "reserved":
        return ProbeResult(
            NAME,
            ProbeState.WARN,
            f"the reader of {SLOT} falls behind: {held} waits",
            "connect",
            evidence,
        )
    return ProbeResult(NAME, ProbeState.OK, f"is read, {held} retained", "connect", evidence)
