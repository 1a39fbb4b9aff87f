"""Compare finds differing rows by key, and repair sends them through the pipeline again."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.harness.load import row_changed
from tests.harness.platform import Platform
from tests.harness.rows import version_of
from tests.harness.tables import USERS

OLDEST = 1  # write timestamp: before every commit


@pytest.mark.timeout(900)
def test_hidden_changed_and_added_rows_are_repaired(platform: Platform) -> None:
    platform.await_run(platform.ingest(30))
    platform.assert_equal_everywhere()
    hidden, changed = [row[0] for row in platform.sql("SELECT id FROM public.users LIMIT 2")]
    added = str(uuid.uuid4())
    with platform.cassandra("spark") as session:
        later = {key: version_of(platform, USERS, str(key)) + 1 for key in (hidden, changed)}
        session.execute(f"DELETE FROM users USING TIMESTAMP {later[hidden]} WHERE id = {hidden}")
        session.execute(
            f"UPDATE users USING TIMESTAMP {later[changed]} SET city = 'x' WHERE id = {changed}"
        )
        session.execute(
            f"INSERT INTO users (id, city) VALUES ({added}, 'x') USING TIMESTAMP {OLDEST}"
        )

    compared = platform.command("compare", JSON="1", TABLE=USERS.name)
    assert compared.returncode == 1, compared.stdout + compared.stderr
    keys = {key["key"]: key for key in json.loads(compared.stdout)["keys"]}
    assert keys.keys() == {str(hidden), str(changed), added}
    assert keys[str(hidden)]["missing"] == ["cassandra"]
    assert keys[str(changed)]["fields"]["cassandra"] == ["city"]
    assert keys[added]["missing"] == ["postgres", "topic"]

    repaired = platform.command("repair", JSON="1", TABLE=USERS.name)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    result = json.loads(repaired.stdout)
    assert (result["republished"], result["erased"]) == (2, 1)
    platform.assert_equal_everywhere()


def test_a_repair_of_equal_stores_changes_nothing(platform: Platform) -> None:
    platform.assert_equal_everywhere()
    repaired = platform.command("repair", TABLE=USERS.name)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert "equal in every field" in repaired.stdout
    assert "republished: 0, erased: 0" in repaired.stdout


def test_a_row_that_changes_all_the_time_does_not_differ(platform: Platform) -> None:
    """It changes between the reads of PostgreSQL and Cassandra."""
    platform.assert_equal_everywhere()
    [[key]] = platform.sql("SELECT id FROM public.users LIMIT 1")
    with row_changed(platform, str(key), rate=5):
        compared = platform.command("compare", JSON="1", TABLE=USERS.name)
        repaired = platform.command("repair", JSON="1", TABLE=USERS.name)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert json.loads(repaired.stdout)["republished"] == 0
    platform.assert_equal_everywhere()
