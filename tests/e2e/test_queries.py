"""The queries of a table give the same result as PostgreSQL."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.harness.platform import Platform
from tests.harness.wait import eventually

API = "/api/tables/users"
SHOWN = 100  # rows of an answer, at most


@pytest.fixture(scope="module", autouse=True)
def _everything_arrived(platform: Platform) -> None:
    platform.await_run(platform.ingest(3000))
    platform.assert_equal_everywhere()


def by_country(platform: Platform) -> dict[str, int]:
    """Country → rows in PostgreSQL."""
    return dict(platform.sql("SELECT country, count(*) FROM public.users GROUP BY country"))


def query(platform: Platform, name: str, **parameters: str) -> dict[str, Any]:
    path = f"{API}/queries/{name}?{urlencode(parameters)}"
    answer: dict[str, Any] = platform.control_center("GET", path)
    return answer


def test_rows_of_a_country(platform: Platform) -> None:
    def equal() -> bool:  # ten rows arrive every ten seconds: both reads between two batches
        expected = by_country(platform)
        assert len(expected) > 5
        counted = {
            country: query(platform, "count_of_country", country=country)["rows"][0]["rows"]
            for country in expected
        }
        assert counted == expected
        return True

    eventually(equal, "rows per country as in PostgreSQL", 60)


def test_a_query_with_an_index(platform: Platform) -> None:
    counted = by_country(platform)
    country = min(counted, key=lambda name: counted[name])

    def equal() -> bool:
        rows = platform.sql("SELECT id FROM public.users WHERE country = %s", [country])
        answer = query(platform, "of_country", country=country)
        ids = {row["id"] for row in answer["rows"]}
        assert ids <= {str(row[0]) for row in rows}
        assert len(ids) == min(len(rows), SHOWN)
        assert answer["more"] == (len(rows) > SHOWN)
        return True

    eventually(equal, f"the rows of {country} as in PostgreSQL", 60)


def test_by_email_and_by_key(platform: Platform) -> None:
    # Other tests copy rows with their email.
    unique = "SELECT min(id::text), email FROM public.users GROUP BY email HAVING count(*) = 1"
    key, email = platform.sql(f"{unique} LIMIT 1")[0]
    with platform.cassandra() as session:
        rows = session.execute("SELECT id FROM users WHERE email = %s", [email])
        assert key in {str(row.id) for row in rows}
    for text in (key, email):
        trace = platform.control_center("GET", f"{API}/rows/{quote(text)}")
        assert trace["key"] == key
        assert trace["arrived"]
