"""With AUTO_REPAIR_ROWS rows that differ for good become equal by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.harness.platform import Platform
from tests.harness.rows import await_row, insert, new_id, row, version_of
from tests.harness.settings import long
from tests.harness.tables import USERS
from tests.harness.wait import eventually

pytestmark = [long, pytest.mark.timeout(1800)]
LIMIT_S = 300
OLDEST = 1  # write timestamp: before every commit


@pytest.fixture
def repairing(platform: Platform) -> Iterator[Platform]:
    """A platform that repairs up to 100 rows per hour."""
    for rows in ("100", "0"):
        done = platform.command("up", AUTO_REPAIR_ROWS=rows)
        assert done.returncode == 0, done.stdout + done.stderr
        if rows != "0":
            yield platform


def test_rows_become_equal_by_themselves(repairing: Platform) -> None:
    platform, key, added = repairing, new_id(), str(uuid.uuid4())
    insert(platform, USERS, row(USERS, id=key, city="Oslo"))
    await_row(platform, USERS, key, city="Oslo")
    before = resent(platform)
    with platform.cassandra("spark") as session:
        later = version_of(platform, USERS, key) + 1
        session.execute(f"UPDATE users USING TIMESTAMP {later} SET city = 'x' WHERE id = {key}")
        session.execute(
            f"INSERT INTO users (id, city) VALUES ({added}, 'x') USING TIMESTAMP {OLDEST}"
        )
        query = f"SELECT id FROM users WHERE id = {added}"
        eventually(lambda: session.execute(query).one() is None, "the added row is gone", LIMIT_S)
    await_row(platform, USERS, key, city="Oslo")
    eventually(lambda: resent(platform) == before + 2, "both rows are counted", LIMIT_S)
    platform.assert_equal_everywhere()


def resent(platform: Platform) -> int:
    result = platform.control_center("GET", "/api/probes/verification")
    return int(result["details"]["tables"][USERS.name]["resent"])
