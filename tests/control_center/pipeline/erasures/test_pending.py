"""Which erasures status asks to do again."""

from __future__ import annotations

import pytest

from control_center.pipeline.erasures.pending import RUNNING_MS, pending
from control_center.pipeline.erasures.record import Erasure

NOW = 10 * RUNNING_MS
ENDED = Erasure("a", "users", NOW - 2000, NOW - 1000)
RUNNING = Erasure("a", "users", NOW - 1000)
INTERRUPTED = Erasure("a", "users", NOW - RUNNING_MS - 1)
EARLIER = Erasure("a", "users", 1, 2)


@pytest.mark.parametrize(
    ("known", "present", "count"),
    [
        ([], [], 0),
        ([ENDED], [ENDED], 0),
        ([ENDED], [], 1),
        ([ENDED], [EARLIER], 1),
        ([EARLIER], [ENDED], 0),
        ([], [ENDED], 0),  # the file is lost
        ([RUNNING], [], 0),
        ([RUNNING], [RUNNING], 0),
        ([INTERRUPTED], [], 1),
        ([INTERRUPTED], [INTERRUPTED], 1),
        ([INTERRUPTED, ENDED], [ENDED], 0),
    ],
)
def test_erasures_to_do_again(known: list[Erasure], present: list[Erasure], count: int) -> None:
    assert pending(known, present, NOW).get("users", 0) == count


def test_tables_are_counted_apart() -> None:
    records = [ENDED, Erasure("b", "users", 1, 2), Erasure("c", "orders", 1, 2)]
    assert pending(records, [], NOW) == {"users": 2, "orders": 1}
