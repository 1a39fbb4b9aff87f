"""`make rebuild` that is interrupted while rows flow, and of many rows. Prints how long it took."""

from __future__ import annotations

import time

import pytest

from tests.harness.load import rows_written
from tests.harness.platform import Platform
from tests.harness.rows import insert_many
from tests.harness.tables import USERS
from tests.harness.wait import eventually

RATE = 50
ROWS = 2_000


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("interrupted_s", [0.5, 3, 8, 15, 25])
def test_an_interrupted_rebuild_is_repeated(platform: Platform, interrupted_s: float) -> None:
    """The Control Center, and with it the job, is killed."""
    ids = insert_many(platform, USERS, ROWS)
    platform.assert_equal_everywhere()
    with rows_written(platform, RATE):
        platform.control_center("POST", "/api/rebuild", {})
        time.sleep(interrupted_s)
        platform.kill("control-center", "control_center")
        platform.sql("DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [ids[: ROWS // 2]])
        platform.await_healthy()
        repair(platform, "make rebuild")
    platform.assert_equal_everywhere()
    platform.assert_status_ok()


@pytest.mark.timeout(1800)
def test_a_hundred_thousand_rows_are_rebuilt(platform: Platform) -> None:
    """Prints the time."""
    insert_many(platform, USERS, 100_000)
    platform.assert_equal_everywhere()
    began = time.monotonic()
    repair(platform, "make rebuild")
    print(f"\n{platform.count():,} rows rebuilt in {time.monotonic() - began:.0f} s")
    platform.assert_equal_everywhere()


def repair(platform: Platform, command: str) -> None:
    """Run the command until it succeeds, as its errors ask for."""
    name = command.removeprefix("make ")

    def succeeds() -> bool:
        done = platform.command(name)
        assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
        return True

    eventually(succeeds, command, 900, pause_s=5)
