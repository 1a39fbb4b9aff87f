"""People by country: the newest people and the number of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from contract.stores.cassandra.cql import QUERIES
from control_center.clients.clients import Clients

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_WINDOW = timedelta(days=32)
AHEAD = timedelta(days=1)  # the source's clock may be ahead of ours
TIMEOUT_S = 60.0


class RegisteredPerson(NamedTuple):
    """`registered_at` in UTC, without a zone as Cassandra's driver returns it."""

    id: UUID
    registered_at: datetime

    def to_json(self) -> dict[str, str]:
        return {"id": str(self.id), "registered_at": f"{self.registered_at.isoformat()}Z"}


def newest(clients: Clients, country: str, limit: int) -> list[RegisteredPerson]:
    """The newest people of a country by registration, newest first; raises UnreachableError."""

    def registered(begin: datetime, end: datetime) -> list[RegisteredPerson]:
        window = (country, begin, end)
        rows = clients.cassandra.scan(QUERIES["of_country"], window, timeout_s=TIMEOUT_S)
        return [RegisteredPerson(key, at) for key, at in rows]

    return newest_of(registered, datetime.now(UTC) + AHEAD, limit)


def newest_of(
    registered: Callable[[datetime, datetime], list[RegisteredPerson]], end: datetime, limit: int
) -> list[RegisteredPerson]:
    """The `limit` newest of the people that `registered` returns for a window of time. An index has
    no order. So windows go back from `end`, each twice as long as the previous one, until there are
    enough people. Each person is read at most once."""
    people: list[RegisteredPerson] = []
    for begin, until in windows(end):
        part = registered(begin, until)
        people += sorted(part, key=lambda person: (person.registered_at, person.id), reverse=True)
        if len(people) >= limit:
            break
    return people[:limit]


def windows(end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Adjacent windows (from, until), back from `end` to the beginning of time."""
    length = FIRST_WINDOW
    while end - length > EARLIEST:
        yield end - length, end
        end, length = end - length, length * 2
    yield datetime.min.replace(tzinfo=UTC), end


def count(clients: Clients, country: str) -> int:
    """The number of people of a country, through the index; raises UnreachableError."""
    query = QUERIES["count_of_country"]
    return int(clients.cassandra.execute(query, (country,), TIMEOUT_S).one().people)


def counts(clients: Clients) -> dict[str, int]:
    """Country → number of people, highest first, by one scan of the column; raises
    UnreachableError."""
    rows = clients.cassandra.scan(QUERIES["countries"], timeout_s=TIMEOUT_S)
    return dict(Counter(country for (country,) in rows).most_common())
