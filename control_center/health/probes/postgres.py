"""PostgreSQL itself: does it answer a query, and how many people does it hold?"""

from __future__ import annotations

from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState

NAME = "postgres"

# n_live_tup is exact enough and free; count(*) over all people would not be.
QUERY = """
SELECT (SELECT n_live_tup FROM pg_stat_user_tables WHERE relid = 'public.users'::regclass),
       (SELECT n_live_tup FROM pg_stat_user_tables WHERE relid = 'public.rejects'::regclass),
       pg_current_wal_lsn()::text, pg_postmaster_start_time()::text,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       current_setting('max_connections')::int, current_setting('wal_level'),
       (SELECT string_agg(conname, ', ' ORDER BY conname) FROM pg_constraint
        WHERE conrelid = 'public.users'::regclass AND NOT convalidated)
"""


def probe(clients: Clients) -> ProbeResult:
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        row = cursor.fetchone()
        assert row is not None
        *counts, wal_level, violated = row
        users, rejects, lsn, started, connections, limit = counts
    evidence = {
        "users_estimate": users,
        "rejects_estimate": rejects,
        "current_lsn": lsn,
        "started_at": started,
        "connections": connections,
        "max_connections": limit,
        "wal_level": wal_level,
        "violated": violated,
    }
    if wal_level != "logical":
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"wal_level is {wal_level}, capture needs logical",
            NAME,
            evidence,
        )
    if violated:
        return ProbeResult(
            NAME,
            ProbeState.WARN,
            f"holds rows from before {violated}, which do not reach Cassandra: make compare names "
            "them; correct them, then SELECT public.validate_users() as superuser",
            NAME,
            evidence,
        )
    return ProbeResult(NAME, ProbeState.OK, f"holds about {users:,} people", NAME, evidence)
