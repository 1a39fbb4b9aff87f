"""A table above the limit of the Control Center's memory: Spark compares it, and repair works."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from contract.stores.postgres import table as postgres
from contract.stores.quoting import quoted
from control_center.jobs.compare.in_spark.run import MOST_ROWS
from tests.harness.platform import Platform
from tests.harness.rows import version_of
from tests.harness.tables import USERS
from tests.harness.wait import eventually

ROWS = MOST_ROWS + 10_000
HIDDEN = 3
OLDEST = 1  # write timestamp: before every commit
LIMIT_S = 600


@pytest.mark.timeout(1800)
def test_planted_differences_of_a_large_table_are_found_and_repaired(platform: Platform) -> None:
    platform.await_run(platform.ingest(10))
    fill(platform, ROWS - platform.count())
    eventually(lambda: compared(platform)["ok"], "all rows arrived", LIMIT_S, pause_s=5)
    keys = [str(row[0]) for row in platform.sql(f"SELECT id FROM public.users LIMIT {HIDDEN + 1}")]
    *hidden, changed = keys
    added = str(uuid.uuid4())
    with platform.cassandra("spark") as session:
        for key in hidden:
            later = version_of(platform, USERS, key) + 1
            session.execute(f"DELETE FROM users USING TIMESTAMP {later} WHERE id = {key}")
        later = version_of(platform, USERS, changed) + 1
        session.execute(f"UPDATE users USING TIMESTAMP {later} SET city = 'x' WHERE id = {changed}")
        session.execute(
            f"INSERT INTO users (id, city) VALUES ({added}, 'x') USING TIMESTAMP {OLDEST}"
        )

    result = compared(platform)
    differences = {key["key"]: key for key in result["keys"]}
    assert differences.keys() == {*hidden, changed, added}, json.dumps(result, indent=1)
    assert {tuple(differences[key]["missing"]) for key in hidden} == {("cassandra",)}
    assert differences[changed]["fields"]["cassandra"] == ["city"]
    assert differences[added]["missing"] == ["postgres", "topic"]
    count = result["postgres"]["count"]
    assert count >= ROWS
    assert result["topic"] == result["postgres"]
    assert result["cassandra"]["count"] == count - HIDDEN + 1

    repaired = job(platform, "repair")
    assert (repaired["republished"], repaired["erased"]) == (HIDDEN + 1, 1)
    assert repaired["ok"], json.dumps(repaired, indent=1)
    assert repaired["postgres"] == repaired["topic"] == repaired["cassandra"]
    assert compared(platform)["ok"]


def fill(platform: Platform, count: int) -> None:
    """Add copies of some rows with keys of their own."""
    columns = ", ".join(quoted(column.name) for column in USERS.values)
    users = postgres.qualified(USERS)
    platform.sql(
        f"INSERT INTO {users} (id, {columns}) SELECT gen_random_uuid(), {columns}"
        f" FROM (SELECT * FROM {users} LIMIT 10) AS ten, generate_series(1, %s)",
        [count // 10 + 1],
    )


def compared(platform: Platform) -> dict[str, Any]:
    return job(platform, "compare")


def job(platform: Platform, kind: str) -> dict[str, Any]:
    """The result of a job that Spark does."""
    number = platform.control_center("POST", f"/api/{kind}", {"table": USERS.name})["id"]

    def ended() -> dict[str, Any] | None:
        status = platform.control_center("GET", f"/api/{kind}/{number}")
        return status if status["state"] != "running" else None

    status = eventually(ended, f"{kind} {number} ended", LIMIT_S)
    assert any("Spark compares" in line for line in status["progress"]), status
    print("\n".join(status["progress"]))
    return dict(status["result"])
