"""The manager asks for the existing rows of each table that needs them, without a new epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from capture.clients.source import Member, Slot, UnavailableError
from capture.manager import Manager
from contract.kafka.capture import EpochRequest, State
from contract.table.column import Column
from contract.table.kinds.integer import Int4
from contract.table.table import Table
from tests.capture.in_memory import ORDERS, USERS, Memory

Rounds = Callable[[float], None]
ZEBRA = Table("zebra", USERS.columns, ("id",))


def test_before_the_first_deploy_the_manager_waits(manager: Manager, memory: Memory) -> None:
    memory.tables = {}
    for _ in range(10):
        memory.now += 5
        manager.round()
    assert (memory.calls, memory.records) == ([], [])
    assert memory.reports == ["waits for the first table: make deploy-dags brings it"]
    memory.tables = {"users": USERS}
    manager.round()
    assert memory.records[-1].state is State.CAPTURING


def test_a_table_waits_until_postgresql_publishes_it(rounds: Rounds, memory: Memory) -> None:
    memory.tables["orders"] = ORDERS
    rounds(30)
    assert memory.requested_rows == []
    memory.publish_table(ORDERS)
    rounds(30)
    assert memory.requested_rows == [["orders"]]


def test_a_new_table_gets_its_topics_before_its_rows(rounds: Rounds, memory: Memory) -> None:
    before = memory.config
    memory.publish_table(ORDERS)
    rounds(60)
    assert "riada.public.orders" in memory.topics
    assert memory.requested_rows == [["orders"]]
    captured = memory.records[-1].tables
    assert captured.keys() == {"users", "orders"}
    assert captured["orders"].topic_id == memory.topics["riada.public.orders"]
    assert captured["orders"].columns == ("id", "line")
    assert (memory.epoch, memory.config) == (1, before)
    assert memory.calls.count("request_rows") == 1 and "configure" not in memory.calls


def test_rows_are_not_requested_before_the_slot_exists(rounds: Rounds, memory: Memory) -> None:
    """A request from before the slot would be in no stream."""
    memory.publish_table(ORDERS)
    memory.source = replace(memory.source, slot=None)
    rounds(30)
    assert memory.requested_rows == []
    memory.run()
    rounds(5)
    assert memory.requested_rows == [["orders"]]


def test_rows_are_not_requested_while_the_slot_is_made(rounds: Rounds, memory: Memory) -> None:
    """It waits for long transactions: a request meanwhile would be in no stream."""
    memory.publish_table(ORDERS)
    memory.source = replace(memory.source, slot=Slot(True, "reserved", None))
    rounds(30)
    assert memory.requested_rows == []
    memory.run()
    rounds(5)
    assert memory.requested_rows == [["orders"]]


@pytest.mark.parametrize("step", ["request_rows", "publish"])
def test_an_interrupted_request_is_repeated(rounds: Rounds, memory: Memory, step: str) -> None:
    memory.publish_table(ORDERS)
    memory.failing = step
    with pytest.raises(UnavailableError):
        rounds(5)
    rounds(60)
    assert memory.requested_rows[-1] == ["orders"]
    assert "orders" in memory.records[-1].tables


def test_rows_come_again_for_a_new_column(rounds: Rounds, memory: Memory) -> None:
    memory.publish_table(replace(USERS, columns=(*USERS.columns, Column("note", Int4(), True))))
    rounds(60)
    assert memory.requested_rows == [["users"]]
    assert memory.records[-1].tables["users"].columns == ("id", "line", "note")
    assert any("new columns: note" in report for report in memory.reports)


def test_a_removed_column_needs_no_rows(rounds: Rounds, memory: Memory) -> None:
    memory.publish_table(replace(USERS, columns=USERS.columns[:1]))
    rounds(60)
    assert memory.requested_rows == []


def test_a_column_that_comes_back_gets_its_rows(rounds: Rounds, memory: Memory) -> None:
    """Rows that changed meanwhile are without its new values in Cassandra."""
    memory.publish_table(replace(USERS, columns=USERS.columns[:1]))
    rounds(30)
    assert memory.records[-1].tables["users"].columns == ("id",)
    memory.publish_table(USERS)
    rounds(30)
    assert memory.requested_rows == [["users"]]


def test_a_table_that_was_published_again_while_the_manager_was_away(
    rounds: Rounds, memory: Memory
) -> None:
    memory.publish_again("public.users")
    rounds(60)
    assert memory.requested_rows == [["users"]]
    assert memory.source.scans["users"].published == memory.source.members["public.users"].oid


def test_a_topic_that_was_created_again_gets_the_rows_of_its_table(
    rounds: Rounds, memory: Memory
) -> None:
    memory.publish_table(ORDERS)
    rounds(5)
    memory.topics["riada.public.users"] = "another"
    rounds(120)
    assert memory.requested_rows == [["orders"], ["users"]]
    assert memory.records[-1].tables["users"].topic_id == "another"
    assert memory.epoch == 1


def test_a_removed_table_is_forgotten_and_comes_back_with_its_rows(
    rounds: Rounds, memory: Memory
) -> None:
    memory.publish_table(ORDERS)
    rounds(30)
    del memory.tables["orders"]
    del memory.topics["riada.public.orders"]
    rounds(30)
    assert memory.records[-1].tables.keys() == {"users"}
    memory.tables["orders"] = ORDERS
    rounds(120)
    assert memory.requested_rows == [["orders"], ["orders"]]


def test_a_table_that_left_the_publication_comes_back_with_its_rows(
    rounds: Rounds, memory: Memory
) -> None:
    published = memory.source.members
    memory.source = replace(memory.source, members={"riada.signal": Member(2)})
    rounds(30)
    assert memory.records[-1].tables == {}
    assert memory.source.scans["users"].published is None  # it is uncaptured when it comes back
    assert any("publication riada does not hold public.users" in line for line in memory.reports)
    memory.source = replace(memory.source, members=published)
    rounds(30)
    assert memory.requested_rows == [["users"]] and memory.epoch == 1


def test_rows_that_debezium_could_not_read_are_requested_with_pauses(
    rounds: Rounds, memory: Memory
) -> None:
    for _ in range(60):
        memory.scan("users", failure="SQL_EXCEPTION")
        rounds(5)
    assert 4 <= len(memory.requested_rows) <= 12
    assert any("could not read" in report for report in memory.reports)


def test_the_record_says_when_the_rows_have_been_read(rounds: Rounds, memory: Memory) -> None:
    memory.scan("users", read=True)
    memory.publish_table(ORDERS)
    rounds(30)
    tables = memory.records[-1].tables
    assert {name: table.read for name, table in tables.items()} == {"users": True, "orders": False}
    memory.scan("orders", read=True)
    rounds(5)
    assert memory.records[-1].tables["orders"].read
    memory.topics["riada.public.orders"] = "another"
    rounds(5)
    assert not memory.records[-1].tables["orders"].read
    for _ in range(2):  # the second request waits
        memory.scan("orders", failure="SQL_EXCEPTION")
        rounds(1)
    assert memory.records[-1].tables["orders"].error == "SQL_EXCEPTION"


def test_a_table_that_cannot_be_read_delays_no_other(rounds: Rounds, memory: Memory) -> None:
    """It ends the reading of the tables that were requested with it."""
    memory.publish_table(ORDERS)
    rounds(5)
    for _ in range(30):
        memory.scan("orders", failure="SQL_EXCEPTION")
        rounds(5)
    memory.requested_rows.clear()
    memory.publish_table(*(Table(name, USERS.columns, ("id",)) for name in ("yak", "zebra")))
    memory.scan("orders", failure="SQL_EXCEPTION")
    rounds(5)
    assert memory.requested_rows == [["yak", "zebra"]]
    for _ in range(60):  # both failed at the same time
        memory.scan("orders", "zebra", failure="SQL_EXCEPTION")
        rounds(5)
        if ["zebra"] in memory.requested_rows[1:]:
            break
    assert ["zebra"] in memory.requested_rows[1:]
    assert all(len(names) == 1 for names in memory.requested_rows[1:])


def test_a_new_epoch_snapshots_every_published_table(rounds: Rounds, memory: Memory) -> None:
    memory.publish_table(ORDERS)
    rounds(60)
    memory.request = EpochRequest(1, "an operator asked for it")
    rounds(60)
    assert memory.epoch == 2 and memory.requested_rows == [["orders"]]
    assert memory.config is not None
    assert memory.config["snapshot.include.collection.list"] == "public.users,public.orders"


def test_connectors_of_earlier_releases_are_deleted(memory: Memory, manager: Manager) -> None:
    memory.connectors = ["users"]
    manager.round()
    assert memory.connectors == [] and memory.epoch == 1
    assert "deleted connectors of an earlier release: users" in memory.reports


def test_a_table_that_capture_may_not_read_delays_no_other(rounds: Rounds, memory: Memory) -> None:
    """Debezium reads the tables of a request in one transaction, which it would end."""
    memory.publish_table(ORDERS, ZEBRA)
    grant = "GRANT SELECT ON public.orders TO riada"
    memory.publish_again("public.orders", grant)
    rounds(60)
    assert memory.requested_rows == [["zebra"]]
    assert [line for line in memory.reports if grant in line] == [
        f"table orders waits: capture may not read its existing rows: {grant}"
    ]
    memory.request = EpochRequest(1, "an operator asked for it")
    rounds(60)
    assert memory.config is not None and memory.epoch == 2
    assert memory.config["snapshot.include.collection.list"] == "public.users,public.zebra"
    memory.publish_again("public.orders")
    rounds(5)
    assert memory.requested_rows == [["zebra"], ["orders"]]


def test_rows_wait_for_transactions_from_before_the_table_was_published(
    rounds: Rounds, memory: Memory
) -> None:
    """Their changes are in no stream, and a scan before they commit does not see them."""
    memory.source, memory.next_transaction = replace(memory.source, oldest=700), 710
    memory.publish_table(ORDERS)
    rounds(30)
    memory.source, memory.next_transaction = replace(memory.source, oldest=709), 900
    rounds(30)
    assert memory.requested_rows == []
    assert any("orders waits: a transaction" in line for line in memory.reports)
    memory.source = replace(memory.source, oldest=710)
    rounds(5)
    assert memory.requested_rows == [["orders"]]


def test_the_rows_of_a_new_column_wait_for_the_query_that_has_it(
    rounds: Rounds, memory: Memory
) -> None:
    """The query before would be the last to write them, without the column."""
    memory.streams = False
    memory.publish_table(replace(USERS, columns=(*USERS.columns, Column("note", Int4(), True))))
    rounds(60)
    assert memory.requested_rows == []
    memory.publish_again("public.users")
    rounds(60)
    assert memory.requested_rows == [
        ["users"]
    ]  # for another reason: the column's values still lack
    memory.streams = True
    rounds(60)
    assert memory.requested_rows == [["users"], ["users"]]
    assert memory.records[-1].tables["users"].columns == ("id", "line", "note")


def test_a_new_table_waits_for_no_query(rounds: Rounds, memory: Memory) -> None:
    """Its topic keeps the rows."""
    memory.streams = False
    memory.publish_table(ORDERS)
    rounds(5)
    assert memory.requested_rows == [["orders"]]
