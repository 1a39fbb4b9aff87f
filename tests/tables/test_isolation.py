"""A table that halts, or whose table in Cassandra is dropped, is named; the others deliver."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from contract.stores.cassandra.table import qualified
from contract.table.key import row_key
from contract.table.table import Table
from tests.harness.equality import assert_equal_rows
from tests.harness.kafka import Record, produce_many
from tests.harness.platform import Platform
from tests.harness.rows import await_row, insert, insert_many
from tests.harness.schemas import UnknownSchema
from tests.harness.strategies import good_rows
from tests.harness.tables import USERS
from tests.harness.wait import eventually
from tests.harness.work_copy import WorkCopy

FLOOD = 3_000  # more than the number that halts the stream of a table
NAMED_S = 60

pytestmark = pytest.mark.timeout(900)


def sentence(platform: Platform) -> str:
    return str(platform.control_center("GET", "/api/status")["sentence"])


def await_named(platform: Platform, *words: str) -> str:
    """Wait until status has these words."""

    def named() -> str:
        text = sentence(platform)
        assert all(word in text for word in words), text
        return text

    text = eventually(named, f"status names {words}", NAMED_S)
    print(f"\n{text}")
    return text


def assert_delivers(platform: Platform, table: Table, seed: int) -> None:
    """New rows of a table arrive, although another table is at fault."""
    if table is USERS:
        key = insert_many(platform, USERS, 1)[0]
    else:
        [row] = good_rows(table, 1, seed=seed)
        insert(platform, table, row)
        key = row_key(table, row)
    await_row(platform, table, key)


def test_a_flood_of_dead_letters_halts_its_table_only(
    platform: Platform, tables: Mapping[str, Table]
) -> None:
    lines, everything = tables["order_lines"], tables["everything"]
    insert(platform, lines, *good_rows(lines, 5, seed=21))
    platform.assert_equal_everywhere("order_lines")
    platform.assert_status_ok()
    unknown = UnknownSchema(platform, lines)
    produce_many(
        platform, [Record(unknown.key, unknown.value) for _ in range(FLOOD)], unknown.topic
    )
    await_named(platform, "order_lines", f"unknown schema id {unknown.id}")
    assert_delivers(platform, USERS, 22)
    assert_delivers(platform, everything, 22)
    unknown.become_known()
    platform.assert_status_ok()
    platform.job("repair", "order_lines")
    platform.assert_equal_everywhere("order_lines")


def test_a_column_that_no_release_knows_halts_its_table_only(
    platform: Platform, tables: Mapping[str, Table], copy: WorkCopy
) -> None:
    lines, everything = tables["order_lines"], tables["everything"]
    platform.sql('ALTER TABLE public.order_lines ADD COLUMN "Rabatt" int4', role="application")
    row = good_rows(lines, 1, seed=23)[0] | {"Rabatt": "7"}
    insert(platform, lines, row)
    await_named(platform, "order_lines", "Rabatt", "make deploy-dags")
    assert_delivers(platform, USERS, 24)
    assert_delivers(platform, everything, 24)
    file = copy.path("order_lines").read_text()
    known = copy.put(
        "order_lines", file.replace("[columns]\n", '[columns]\nRabatt = "int4 null"\n')
    )
    copy.deploy()
    await_row(platform, known, row_key(known, row), Rabatt=7)
    platform.assert_status_ok()
    platform.assert_equal_everywhere("order_lines")


def test_a_dropped_table_of_cassandra_is_filled_again(
    platform: Platform, tables: Mapping[str, Table]
) -> None:
    everything, lines = tables["everything"], tables["order_lines"]
    count = platform.count(everything)
    assert count > 0
    with platform.cassandra("riada") as session:
        session.execute(f"DROP TABLE {qualified(everything)}")
    assert_delivers(platform, USERS, 25)
    assert_delivers(platform, lines, 26)
    await_named(platform, "everything")
    platform.assert_equal_everywhere("everything")
    assert assert_equal_rows(platform, everything) == count
    platform.assert_status_ok()
