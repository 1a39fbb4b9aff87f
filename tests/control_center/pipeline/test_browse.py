"""Which part of a topic a query looks at."""

from __future__ import annotations

import pytest

from contract.errors import InvalidInputError
from control_center.pipeline.browse import Query, chosen, from_position
from tests.control_center.sample_rows import COMMITTED

AVAILABLE = {0: (10, 100), 1: (0, 3), 2: (7, 7)}
USERS = Query("users")


def test_every_partition_or_one() -> None:
    assert chosen(USERS, AVAILABLE) == AVAILABLE
    assert chosen(Query("users", partition=0), AVAILABLE) == {0: (10, 100)}


def test_from_an_offset_on() -> None:
    assert chosen(Query("users", 0, 20), AVAILABLE) == {0: (20, 100)}
    assert chosen(Query("users", 0, 0), AVAILABLE) == {0: (10, 100)}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (Query("users", 9), "users has the partitions 0, 1, 2"),
        (Query("users", None, 5), "give both"),
        (Query("users", 0, 100), "partition 0 has the offsets 10 to 99"),
        (Query("users", 2, 7), "partition 2 has no message"),
        (Query("users", 0, 20, COMMITTED), "not both"),
    ],
)
def test_a_place_that_does_not_exist(query: Query, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        chosen(query, AVAILABLE)


def test_a_query_goes_on_where_the_last_answer_stopped() -> None:
    position = {0: 40, 1: 0}
    assert from_position(USERS, AVAILABLE) == AVAILABLE
    backward = from_position(Query("users", position=position), AVAILABLE)
    assert backward == {0: (10, 40), 1: (0, 0), 2: (7, 7)}
    forward = from_position(Query("users", since=COMMITTED, position=position), AVAILABLE)
    assert forward == {0: (40, 100), 1: (0, 3), 2: (7, 7)}


def test_a_position_outside_the_topic_leaves_nothing_over() -> None:
    """Retention has deleted messages, or the topic was created again."""
    assert from_position(Query("users", position={0: 5}), AVAILABLE)[0] == (10, 10)
    assert from_position(Query("users", position={0: 900}), AVAILABLE)[0] == (10, 100)
