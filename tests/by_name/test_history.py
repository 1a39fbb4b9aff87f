"""PostgreSQL goes back in time or becomes another cluster: its rows then are the correct ones."""

from __future__ import annotations

import pytest

from tests.harness.load import COLUMNS, rows_written
from tests.harness.platform import Platform
from tests.harness.replay import replay
from tests.harness.wait import eventually

DATA = "/var/lib/postgresql/data"
# An empty data volume gets the newest backup, so a new cluster needs an empty repository too.
NEW_CLUSTER = f"rm -rf {DATA} /var/lib/pgbackrest/*"
DATABASES = ("people", "airflow", "registry")
RATE = 50
CHANGED = 10_000


@pytest.mark.timeout(1800)
def test_a_dump_restored_into_an_empty_cluster(platform: Platform) -> None:
    _fill(platform, CHANGED)
    platform.assert_equal_everywhere()
    before = _epoch(platform)
    with rows_written(platform, RATE):
        _dump(platform)
        eventually(lambda: _inserted(platform, 5 * RATE), "rows that are not in the dump", 60)
        platform.stop("postgres")
        platform.beside("postgres", NEW_CLUSTER)
        platform.start("postgres")
        eventually(lambda: platform.count() == 0, "an empty cluster", 120)
        _restore(platform)
        _await_epoch(platform, before, "another cluster")
        _change(platform)
    platform.assert_repaired()
    replay(platform)
    platform.assert_equal_everywhere()
    platform.assert_status_ok()


@pytest.mark.timeout(1200)
def test_a_snapshot_of_the_volume_put_back(platform: Platform) -> None:
    """The system identifier stays the same; the LSN soon passes the captured LSN."""
    _fill(platform, 1_000)
    platform.assert_equal_everywhere()
    before = _epoch(platform)
    platform.stop("postgres")
    platform.beside("postgres", f"cp -a {DATA} {DATA}.kept")
    platform.start("postgres")
    eventually(lambda: platform.count() > 0, "PostgreSQL serves", 120)
    _fill(platform, 500)
    platform.sql("UPDATE public.users SET city = city || '!'")
    platform.assert_equal_everywhere()
    platform.stop("postgres")
    platform.beside("postgres", f"rm -rf {DATA} && mv {DATA}.kept {DATA}")
    platform.start("postgres")
    eventually(lambda: platform.count() > 0, "PostgreSQL serves", 120)
    platform.sql("UPDATE public.users SET city = 'restored ' || left(city, 200)")
    _await_epoch(platform, before, "restored")
    platform.assert_repaired()
    archives = "SELECT last_failed_time IS NULL OR last_failed_time < last_archived_time"
    query = f"{archives} FROM pg_stat_archiver"
    eventually(lambda: platform.sql(query, role="observer")[0][0], "WAL is archived again", 180)


def _fill(platform: Platform, rows: int) -> None:
    platform.await_run(platform.ingest(10))
    with platform.postgres() as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO public.users (id, {COLUMNS}) SELECT gen_random_uuid(), {COLUMNS}"
            " FROM (SELECT * FROM public.users LIMIT 10) AS ten, generate_series(1, %s)",
            [rows // 10],
        )


def _inserted(platform: Platform, rows: int) -> bool:
    """Has the writer written at least this many rows since the dump?"""
    return platform.count() >= int(platform.run_in("postgres", "cat", "/tmp/count")) + rows


def _dump(platform: Platform) -> None:
    for database in DATABASES:
        platform.run_in("postgres", "pg_dump", "-Fc", "-f", f"/tmp/{database}.dump", database)
    platform.run_in("postgres", "bash", "-c", f"echo {platform.count()} >/tmp/count")


def _restore(platform: Platform) -> None:
    for database in DATABASES:
        restore = ("pg_restore", "--clean", "--if-exists", "--exit-on-error", "-d", database)
        platform.run_in("postgres", *restore, f"/tmp/{database}.dump")


def _change(platform: Platform) -> None:
    update = "UPDATE public.users SET city = 'changed ' || left(city, 200) WHERE id IN"
    platform.sql(f"{update} (SELECT id FROM public.users LIMIT {CHANGED})")
    platform.sql(
        "DELETE FROM public.users WHERE id IN"
        f" (SELECT id FROM public.users ORDER BY id LIMIT {CHANGED // 5})"
    )


def _epoch(platform: Platform) -> int:
    with platform.postgres("observer") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT epoch FROM riada.capture")
        row = cursor.fetchone()
        assert row
        return int(row[0])


def _await_epoch(platform: Platform, before: int, reason: str) -> None:
    eventually(lambda: _epoch(platform) > before, "a new epoch", 240)
    platform.await_repair_asked(reason, 240)
