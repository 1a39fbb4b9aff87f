"""How many changes of people PostgreSQL has committed: counted by itself, at no cost."""

from __future__ import annotations

from control_center.engines import Engines
from control_center.probes.result import Result, State

NAME = "committed"

# Rolled back changes are counted too; after a crash the count begins at 0, as a counter may.
QUERY = """
SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables
WHERE relid = 'public.users'::regclass
"""


def measure(engines: Engines) -> Result:
    """A result whose evidence holds `changes`; raises what psycopg2 raises."""
    with engines.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        (changes,) = cursor.fetchone()
    return Result(NAME, State.OK, f"{changes:,} changes", "postgres", {"changes": changes})
