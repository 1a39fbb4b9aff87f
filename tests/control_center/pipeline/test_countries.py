"""The newest people first, although the index has no order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from control_center.pipeline.countries import FIRST_WINDOW, RegisteredPerson, newest_of, windows

END = datetime(2026, 11, 22, tzinfo=UTC)


class Table:
    """The people of a window, without an order, as the index returns them. Records the reads."""

    def __init__(self, *days_ago: float) -> None:
        self.people = [
            RegisteredPerson(UUID(int=number), END - timedelta(days=days))
            for number, days in enumerate(days_ago)
        ]
        self.reads: list[RegisteredPerson] = []
        self.questions = 0

    def registered(self, begin: datetime, until: datetime) -> list[RegisteredPerson]:
        self.questions += 1
        people = [person for person in self.people if begin <= person.registered_at < until]
        self.reads += people
        return people


@pytest.mark.parametrize(
    ("days_ago", "limit", "expected"),
    [
        ((), 3, []),
        ((5, 1, 3), 2, [1, 2]),
        ((5, 1, 3), 9, [1, 2, 0]),
        ((5000, 40, 1), 2, [2, 1]),
        ((700_000, 1), 2, [1, 0]),  # in the first century
        ((3, 3, 3), 2, [2, 1]),  # equal times are ordered by id
    ],
)
def test_the_newest_first(days_ago: tuple[float, ...], limit: int, expected: list[int]) -> None:
    people = newest_of(Table(*days_ago).registered, END, limit)
    assert [person.id.int for person in people] == expected


def test_older_windows_are_read_only_if_needed() -> None:
    table = Table(1, 2, 40, 400, 4000)
    newest_of(table.registered, END, 2)
    assert len(table.reads) == 2
    assert table.questions == 1


def test_each_person_is_read_once() -> None:
    table = Table(*range(1, 9000, 30))
    newest_of(table.registered, END, 10_000)
    assert sorted(table.reads) == sorted(table.people)


def test_windows_follow_one_another_to_the_beginning_of_time() -> None:
    adjacent = list(windows(END))
    assert adjacent[0] == (END - FIRST_WINDOW, END)
    assert all(begin == until for (begin, _), (_, until) in pairwise(adjacent))
    assert adjacent[-1][0] == datetime.min.replace(tzinfo=UTC)


def test_a_person_as_json() -> None:
    person = RegisteredPerson(UUID(int=1), datetime(2026, 11, 22, 12, 0))
    assert person.to_json() == {
        "id": "00000000-0000-0000-0000-000000000001",
        "registered_at": "2026-11-22T12:00:00Z",
    }
