"""The questions people ask of Cassandra, answered as PostgreSQL answers them."""

from __future__ import annotations

import pytest

from tests.harness.platform import Platform


@pytest.fixture(scope="module")
def counted(platform: Platform) -> dict[str, int]:
    """Country → people in PostgreSQL, when all of them are in Cassandra."""
    platform.await_run(platform.ingest(3000))
    platform.assert_equal_everywhere()
    rows = platform.sql("SELECT country, count(*) FROM public.users GROUP BY country")
    assert len(rows) > 5
    return dict(rows)


def test_people_per_country(platform: Platform, counted: dict[str, int]) -> None:
    assert platform.control_center("GET", "/api/countries")["people"] == counted


def test_a_country_newest_first(platform: Platform, counted: dict[str, int]) -> None:
    country = max(counted, key=lambda name: counted[name])
    rows = platform.sql(
        "SELECT id FROM public.users WHERE country = %s ORDER BY registered_at DESC, id DESC"
        " LIMIT 100",
        [country],
    )
    told = platform.control_center("GET", f"/api/countries/{country.replace(' ', '%20')}?limit=100")
    assert told["people"] == counted[country]
    assert [person["id"] for person in told["newest"]] == [str(row[0]) for row in rows]


def test_by_email_and_by_id(platform: Platform, counted: dict[str, int]) -> None:
    number, email = platform.sql("SELECT id, email FROM public.users LIMIT 1")[0]
    with platform.cassandra() as session:
        rows = session.execute("SELECT id FROM users WHERE email = %s", [email])
        assert str(number) in {str(row.id) for row in rows}
    way = platform.control_center("GET", f"/api/person/{number}")
    assert way["id"] == str(number)
    assert way["arrived"]
