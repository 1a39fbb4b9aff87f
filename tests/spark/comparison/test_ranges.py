"""Ranges of blocks and of tokens: every row is in exactly one."""

from __future__ import annotations

import pytest
from riada_stream.comparison import cassandra, postgres
from riada_stream.comparison.postgres import Blocks

from contract.table import file
from tests.spark.samples import ORDERS

GROUPED = file.read(
    "visits",
    'key = ["shop", "day"]\nclustering = ["at"]\n'
    '[columns]\nshop = "text"\nday = "int4"\nat = "int4"\n',
)


@pytest.mark.parametrize(
    ("blocks", "parts", "count"), [(10, 3, 3), (2, 5, 2), (0, 4, 1), (7, 1, 1)]
)
def test_blocks(blocks: int, parts: int, count: int) -> None:
    ranges = postgres.ranges(blocks, parts)
    assert len(ranges) == count
    assert ranges[0].start == 0 and ranges[-1].end is None
    assert [part.end for part in ranges[:-1]] == [part.start for part in ranges[1:]]


def test_the_condition_of_blocks() -> None:
    assert Blocks(3, 5).condition == "ctid >= '(3,0)' AND ctid < '(5,0)'"
    assert Blocks(3, None).condition == "ctid >= '(3,0)'"


@pytest.mark.parametrize("parts", [0, 1, 7, 1000])
def test_tokens(parts: int) -> None:
    ranges = cassandra.ranges(parts)
    assert len(ranges) == max(1, parts)
    assert (ranges[0][0], ranges[-1][1]) == (-(2**63), 2**63 - 1)
    assert [end for _, end in ranges[:-1]] == [start for start, _ in ranges[1:]]
    assert all(start < end for start, end in ranges)


def test_the_tokens_are_those_of_the_partition() -> None:
    assert cassandra.select_tokens(ORDERS).endswith(
        'WHERE token("order") > ? AND token("order") <= ?'
    )
    assert 'token("shop", "day") > ?' in cassandra.select_tokens(GROUPED)
