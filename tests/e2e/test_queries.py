"""Queries of Cassandra give the same result as PostgreSQL."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.harness.platform import Platform
from tests.harness.wait import eventually


@pytest.fixture(scope="module", autouse=True)
def _everyone_arrived(platform: Platform) -> None:
    platform.await_run(platform.ingest(3000))
    platform.assert_equal_everywhere()


def by_country(platform: Platform) -> dict[str, int]:
    """Country → people in PostgreSQL."""
    return dict(platform.sql("SELECT country, count(*) FROM public.users GROUP BY country"))


def test_people_per_country(platform: Platform) -> None:
    def equal() -> bool:  # ten people arrive every ten seconds: both reads between two batches
        expected = by_country(platform)
        assert len(expected) > 5
        people = platform.control_center("GET", "/api/countries")["people"]
        assert people == expected
        return True

    eventually(equal, "people per country as in PostgreSQL", 60)


def test_people_of_a_country_are_newest_first(platform: Platform) -> None:
    counted = by_country(platform)
    country = max(counted, key=lambda name: counted[name])

    def equal() -> bool:
        rows = platform.sql(
            "SELECT id, count(*) OVER () FROM public.users WHERE country = %s"
            " ORDER BY registered_at DESC, id DESC LIMIT 100",
            [country],
        )
        answer = platform.control_center("GET", f"/api/countries/{quote(country)}?limit=100")
        assert answer["people"] == rows[0][1]
        assert [person["id"] for person in answer["newest"]] == [str(row[0]) for row in rows]
        return True

    eventually(equal, f"the people of {country} as in PostgreSQL", 60)


def test_by_email_and_by_id(platform: Platform) -> None:
    number, email = platform.sql("SELECT id, email FROM public.users LIMIT 1")[0]
    with platform.cassandra() as session:
        rows = session.execute("SELECT id FROM users WHERE email = %s", [email])
        assert str(number) in {str(row.id) for row in rows}
    trace = platform.control_center("GET", f"/api/person/{number}")
    assert trace["id"] == str(number)
    assert trace["arrived"]
