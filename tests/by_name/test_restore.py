"""PostgreSQL goes back in time by make restore: the platform names it, and the named command makes
all stores equal."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone

import pytest

from tests.harness.platform import Platform
from tests.harness.tables import USERS
from tests.harness.wait import eventually

NAMED_S = 30
CHANGED = 10_000
COLUMNS = ", ".join(USERS.names[1:])


@pytest.mark.timeout(1800)
def test_back_in_time_and_forward_again(platform: Platform) -> None:
    platform.await_run(platform.ingest(10))
    _copy(platform, 2 * CHANGED)
    platform.assert_equal_everywhere()
    _await_first_backup(platform)
    before, moment = platform.count(), datetime.now(timezone.utc).isoformat()
    time.sleep(1)
    _change(platform, "after")
    _copy(platform, 500)
    platform.assert_equal_everywhere()

    done = platform.command("restore", "--time", moment, JSON="1")
    assert done.returncode == 0, done.stderr
    restored, request = time.monotonic(), json.loads(done.stdout)
    assert platform.count() >= before
    assert not _has_city(platform, "after")
    platform.await_repair_asked("restored or promoted", NAMED_S)
    print(f"named {time.monotonic() - restored:.1f} s after make restore had ended")
    _change(platform, "later")
    platform.assert_repaired()

    done = platform.command("restore", "--timeline", str(request["left"]))
    assert done.returncode == 0, done.stderr
    assert _has_city(platform, "after")
    platform.await_repair_asked("restored or promoted", NAMED_S)
    platform.assert_repaired()


@pytest.mark.timeout(1200)
def test_a_lost_volume_comes_back_from_the_backup(platform: Platform) -> None:
    platform.await_run(platform.ingest(10))
    _await_first_backup(platform)
    platform.assert_equal_everywhere()
    platform.stop("postgres")
    before = time.monotonic()
    platform.beside("postgres", "rm -rf /var/lib/postgresql/*")
    platform.start("postgres")
    eventually(lambda: platform.count() > 0, "PostgreSQL serves", 240)
    print(f"PostgreSQL serves {time.monotonic() - before:.1f} s after its volume was lost")
    platform.await_repair_asked("restored", 60)
    platform.assert_repaired()


def test_a_time_before_the_archive_changes_nothing(platform: Platform) -> None:
    started = "SELECT pg_postmaster_start_time()"
    before = platform.sql(started)
    done = platform.command("restore", "--time", "2020-01-01")
    assert done.returncode == 1
    assert "remedy: TIME can be from" in done.stderr
    assert platform.sql(started) == before


def _await_first_backup(platform: Platform) -> None:
    report = "SELECT report->>'newest_at' FROM riada.backups"
    eventually(lambda: platform.sql(report, role="observer")[0][0], "the first backup", 240)


def _copy(platform: Platform, rows: int) -> None:
    platform.sql(
        f"INSERT INTO public.users (id, {COLUMNS}) SELECT gen_random_uuid(), {COLUMNS}"
        " FROM (SELECT * FROM public.users LIMIT 10) AS ten, generate_series(1, %s)",
        [rows // 10],
    )


def _change(platform: Platform, city: str) -> None:
    """Update CHANGED rows, and delete a fifth as many."""
    rows = f"(SELECT id FROM public.users ORDER BY id LIMIT {CHANGED})"
    platform.sql(f"UPDATE public.users SET city = %s WHERE id IN {rows}", [city])
    fewer = f"(SELECT id FROM public.users ORDER BY id DESC LIMIT {CHANGED // 5})"
    platform.sql(f"DELETE FROM public.users WHERE id IN {fewer}")


def _has_city(platform: Platform, city: str) -> bool:
    query = "SELECT EXISTS (SELECT FROM public.users WHERE city = %s)"
    return bool(platform.sql(query, [city], role="observer")[0][0])
