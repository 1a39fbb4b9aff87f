"""PostgreSQL: does it answer a query, and how many people does it hold?"""

from __future__ import annotations

from contract.health.details.postgres import PostgresDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("postgres", "postgres")

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
    return evaluate(PostgresDetails(*row))


def evaluate(details: PostgresDetails) -> ProbeResult:
    if details.wal_level != "logical":
        return OUTCOME.fail(f"wal_level is {details.wal_level}, capture needs logical", details)
    if details.violated:
        return OUTCOME.warn(
            f"holds rows that violate {details.violated} and do not reach Cassandra: make "
            "compare names them; correct them, then SELECT public.validate_users() as superuser",
            details,
        )
    return OUTCOME.ok(f"holds about {details.users_estimate:,} people", details)
