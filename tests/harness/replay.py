"""Read the complete users topic again: stop the driver, delete the checkpoint, start it again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from contract.stream.dags import STREAM
from contract.table.table import Table
from tests.harness.platform import Platform
from tests.harness.spark import running_drivers, stop_driver
from tests.harness.tables import USERS
from tests.harness.wait import eventually


def replay(platform: Platform) -> None:
    """Return when as many rows were written again as PostgreSQL holds."""
    platform.pause(STREAM, True)
    try:
        platform.end_runs(STREAM)
        stop_driver(platform)
        began = datetime.now(timezone.utc).replace(tzinfo=None)
        platform.run_in("spark-worker-1", "rm", "-rf", f"/checkpoint/{USERS.name}")
    finally:
        platform.pause(STREAM, False)
    eventually(lambda: running_drivers(platform), "a driver runs again", 240)
    count = platform.count()
    eventually(
        lambda: upserts_since(platform, USERS, began) >= count,
        f"{count} rows written again since {began}",
        400,
        pause_s=3,
    )


def upserts_since(platform: Platform, table: Table, moment: datetime) -> int:
    """Rows in the table's batches that were written since a moment (UTC)."""
    today = datetime.now(timezone.utc).date()
    query = "SELECT upserts FROM batches WHERE job = %s AND day = %s AND written_at > %s"
    with platform.cassandra() as session:
        return sum(
            row.upserts
            for day in {today, today - timedelta(days=1)}
            for row in session.execute(query, [table.name, day, moment])
        )
