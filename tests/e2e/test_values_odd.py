"""Values that PostgreSQL stored before it had constraints: they affect only their own rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.harness.kafka import DEAD_LETTERS, records
from tests.harness.platform import Platform
from tests.harness.rows import await_row, in_cassandra, insert, row, version_of
from tests.harness.settings import long
from tests.harness.superuser import apply_tables, execute
from tests.harness.tables import USERS
from tests.harness.unguarded import UnguardedTable
from tests.harness.wait import eventually


@pytest.fixture(scope="module")
def _flowing(platform: Platform) -> None:
    platform.assert_status_ok()


ODD: dict[str, dict[str, str]] = {
    "1500": {"date_of_birth": "1500-01-01 00:00:00+00"},
    "BC": {"date_of_birth": "0044-03-15 00:00:00+00 BC"},
    "year 12024": {"date_of_birth": "12024-01-01 00:00:00+00"},
    "infinity": {"registered_at": "infinity"},
    "-infinity": {"registered_at": "-infinity"},
    "NaN": {"latitude": "NaN", "longitude": "-Infinity"},
    "year 290000": {"registered_at": "290000-01-01 00:00:00+00"},
}


@dataclass(frozen=True)
class Stored:
    """`ids`: name in ODD → id of such a row; `warnings`: of PostgreSQL's next start."""

    ids: dict[str, str]
    warnings: str


@pytest.fixture
def odd(platform: Platform) -> Iterator[Stored]:
    """Rows with odd values, stored before there were constraints."""
    rows = {name: row(USERS, **values) for name, values in ODD.items()}
    before = UnguardedTable(platform)
    with before:
        insert(platform, USERS, *rows.values())
    keys = {name: values["id"] for name, values in rows.items()}
    yield Stored(keys, before.warnings)
    platform.sql("DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [list(keys.values())])
    apply_tables(platform)


def new_epoch(platform: Platform) -> None:
    """Begin an epoch, which sends every row again from a snapshot."""
    capture = "cd /opt/manager && python -m capture new-epoch"
    platform.run_in("connect", "sh", "-c", capture)


@long
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("_flowing")
def test_a_stored_odd_value_affects_only_its_own_row(platform: Platform, odd: Stored) -> None:
    hidden = row(USERS)
    insert(platform, USERS, hidden)
    await_row(platform, USERS, hidden["id"], city="Riada")
    before = version_of(platform, USERS, hidden["id"])
    new_epoch(platform)
    eventually(
        lambda: version_of(platform, USERS, hidden["id"]) > before, "the snapshot's row", 120
    )
    with platform.cassandra("riada") as session:
        later = version_of(platform, USERS, hidden["id"]) + 1
        session.execute(f"DELETE FROM users USING TIMESTAMP {later} WHERE id = {hidden['id']}")

    compared = platform.command("compare", JSON="1", TABLE=USERS.name)
    assert compared.returncode == 1, compared.stdout + compared.stderr
    differing = {key["key"]: key for key in json.loads(compared.stdout)["keys"]}
    assert hidden["id"] in differing
    assert differing.keys() <= {hidden["id"], *odd.ids.values()}

    repaired = platform.command("repair", JSON="1", TABLE=USERS.name)
    result = json.loads(repaired.stdout)
    await_row(platform, USERS, hidden["id"], city="Riada")
    left = {key["key"] for key in result["keys"]}
    assert left <= set(odd.ids.values())
    assert result["outside_domain"] == len(left), result

    for key in odd.ids.values():
        trace = platform.control_center("GET", f"/api/tables/users/rows/{key}")
        assert trace["key"] == key
        platform.control_center("GET", f"/api/tables/users/versions/{key}")

    assert "users_latitude_is_finite" in odd.warnings
    assert "SELECT riada.validate('public.users')" in odd.warnings
    status = platform.control_center("GET", "/api/status")
    assert "riada.validate" in json.dumps(status), "status does not name the remedy"

    for key in odd.ids.values():
        platform.sql(
            "UPDATE public.users SET date_of_birth = '2000-01-01', registered_at = '2000-01-01',"
            " latitude = 0, longitude = 0 WHERE id = %s",
            [key],
        )
    platform.assert_equal_everywhere()
    assert execute(platform, "SELECT riada.validate('public.users')") == ""
    platform.assert_status_ok()


@pytest.mark.usefixtures("_flowing")
def test_an_odd_value_on_the_topic_is_a_dead_letter_with_its_reason(
    platform: Platform, odd: Stored
) -> None:
    def reasons() -> dict[str, str]:
        by_name = {}
        for record in records(platform, DEAD_LETTERS):
            for name, key in odd.ids.items():
                if key.encode() in (record.key or b""):
                    by_name[name] = record.headers["reason"]
        assert by_name.keys() == ODD.keys(), by_name
        return by_name

    by_name = eventually(reasons, "a dead letter for each odd value", 120, pause_s=3)
    for name, values in ODD.items():
        for column in values:
            assert column in by_name[name], (name, by_name[name])
    with platform.cassandra() as session:
        assert all(in_cassandra(session, USERS, key) is None for key in odd.ids.values())
