"""Newest first out of an index that has no order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from control_center.pipeline.countries import FIRST_WINDOW, Person, walk, windows

END = datetime(2026, 11, 22, tzinfo=UTC)


class Table:
    """People as the index gives them: those of a window, in no order. Remembers what was read."""

    def __init__(self, *days_ago: float) -> None:
        self.people = [
            (UUID(int=number), END - timedelta(days=days)) for number, days in enumerate(days_ago)
        ]
        self.reads: list[Person] = []
        self.questions = 0

    def registered(self, begin: datetime, until: datetime) -> list[Person]:
        self.questions += 1
        found = [person for person in self.people if begin <= person[1] < until]
        self.reads += found
        return found


@pytest.mark.parametrize(
    ("days_ago", "limit", "expected"),
    [
        ((), 3, []),
        ((5, 1, 3), 2, [1, 2]),
        ((5, 1, 3), 9, [1, 2, 0]),
        ((5000, 40, 1), 2, [2, 1]),
        ((700_000, 1), 2, [1, 0]),  # in the first century
        ((3, 3, 3), 2, [2, 1]),  # at one moment: by id
    ],
)
def test_the_newest_first(days_ago: tuple[float, ...], limit: int, expected: list[int]) -> None:
    found = walk(Table(*days_ago).registered, END, limit)
    assert [key.int for key, _ in found] == expected


def test_reads_no_further_back_than_it_must() -> None:
    table = Table(1, 2, 40, 400, 4000)
    walk(table.registered, END, 2)
    assert len(table.reads) == 2
    assert table.questions == 1


def test_reads_nobody_twice() -> None:
    table = Table(*range(1, 9000, 30))
    walk(table.registered, END, 10_000)
    assert sorted(table.reads) == sorted(table.people)


def test_windows_follow_one_another_to_the_beginning_of_time() -> None:
    told = list(windows(END))
    assert told[0] == (END - FIRST_WINDOW, END)
    assert all(begin == until for (begin, _), (_, until) in pairwise(told))
    assert told[-1][0] == datetime.min.replace(tzinfo=UTC)
