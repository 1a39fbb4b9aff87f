"""Read the complete topic again: stop the driver, delete its checkpoint, start it again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from tests.harness.platform import Platform
from tests.harness.spark import running_drivers, stop_driver
from tests.harness.wait import eventually


def replay(platform: Platform) -> None:
    """Return when as many rows were written again as PostgreSQL holds."""
    platform.pause("stream_users", True)
    try:
        platform.end_runs("stream_users")
        stop_driver(platform)
        began = datetime.now(timezone.utc).replace(tzinfo=None)
        platform.run_in("spark-worker-1", "rm", "-rf", "/checkpoint/users")
    finally:
        platform.pause("stream_users", False)
    eventually(lambda: running_drivers(platform), "a driver runs again", 240)
    count = platform.count()
    eventually(
        lambda: upserts_since(platform, began) >= count,
        f"{count} rows written again since {began}",
        400,
        pause_s=3,
    )


def upserts_since(platform: Platform, moment: datetime) -> int:
    """Rows in the batches written since a moment (UTC)."""
    today = datetime.now(timezone.utc).date()
    query = "SELECT upserts FROM batches WHERE job = 'users' AND day = %s AND written_at > %s"
    with platform.cassandra() as session:
        return sum(
            row.upserts
            for day in {today, today - timedelta(days=1)}
            for row in session.execute(query, [day, moment])
        )
