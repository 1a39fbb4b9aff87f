"""People by country: the newest, and how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from contract.cassandra.cql import QUERIES
from control_center.clients.clients import Clients

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_WINDOW = timedelta(days=32)
AHEAD = timedelta(days=1)
"""A source's clock may be ahead of ours."""
TIMEOUT_S = 60.0

Person = tuple[UUID, datetime]
"""id, registered_at"""


def newest(clients: Clients, country: str, limit: int) -> list[dict[str, str]]:
    """The people of a country who registered last, newest first; raises UnreachableError."""

    def registered(begin: datetime, end: datetime) -> list[Person]:
        asked = (country, begin, end)
        rows = clients.cassandra.scan(QUERIES["of_country"], asked, timeout_s=TIMEOUT_S)
        return [(key, at) for key, at in rows]

    found = walk(registered, datetime.now(UTC) + AHEAD, limit)
    return [{"id": str(key), "registered_at": f"{at.isoformat()}Z"} for key, at in found]


def walk(
    registered: Callable[[datetime, datetime], list[Person]], end: datetime, limit: int
) -> list[Person]:
    """The `limit` newest of the people that `registered` gives for a window of time. An index has
    no order: windows go back from `end`, each twice as long as the one before, until there are
    enough of them; all people are read once at most."""
    found: list[Person] = []
    for begin, until in windows(end):
        people = registered(begin, until)
        found += sorted(people, key=lambda person: (person[1], person[0]), reverse=True)
        if len(found) >= limit:
            break
    return found[:limit]


def windows(end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Times (from, until) that follow one another back from `end` to the beginning of time."""
    length = FIRST_WINDOW
    while end - length > EARLIEST:
        yield end - length, end
        end, length = end - length, length * 2
    yield datetime.min.replace(tzinfo=UTC), end


def count(clients: Clients, country: str) -> int:
    """How many people a country has, through its index; raises UnreachableError."""
    query = QUERIES["count_of_country"]
    return int(clients.cassandra.execute(query, (country,), TIMEOUT_S).one().people)


def counts(clients: Clients) -> dict[str, int]:
    """Country → people, most first, by one scan of that column; raises UnreachableError."""
    rows = clients.cassandra.scan(QUERIES["countries"], timeout_s=TIMEOUT_S)
    return dict(Counter(country for (country,) in rows).most_common())
