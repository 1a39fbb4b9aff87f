"""What a repair asks capture for, and the delete events that it publishes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.errors import UnreachableError
from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION
from contract.kafka.topics import events
from contract.stores.postgres.roles import Role
from contract.table.version import Version
from control_center.jobs.compare.newest_events import NewestEvent
from control_center.jobs.repair.plan import RepairPlan
from control_center.jobs.repair.source import PlatformSource, inside
from control_center.pipeline import resend
from control_center.pipeline.decoder import AvroDecoder
from control_center.pipeline.row_repository import key_reader
from tests.control_center.in_memory_clients import SCHEMAS, InMemoryClients, decoded, order
from tests.control_center.sample_tables import ODD_TEXTS, ORDERS, USERS

KEY = "0d5f1c2e-0000-4000-8000-00000000000a"
TOPIC = events(ORDERS)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """PostgreSQL holds the orders a and b in capture's epoch 3."""
    clients = InMemoryClients(tmp_path)
    clients.database.epoch = (3, "snapshot", datetime(2026, 11, 22, tzinfo=UTC))
    clients.database.rows["orders"] = {f'["{name}",1]': order(name, 1) for name in "ab"}
    return clients


def source(clients: InMemoryClients, newest: NewestEvent | None = None) -> PlatformSource:
    return PlatformSource(clients, ORDERS, lambda _: newest)


def test_the_plan_says_what_postgresql_holds(clients: InMemoryClients) -> None:
    clients.database.outside = {'["b",1]'}
    keys = ['["a",1]', '["b",1]', '["c",1]', "no key"]
    expected = RepairPlan(('["a",1]',), ('["b",1]',), ('["c",1]', "no key"))
    assert source(clients).plan(keys) == expected


def test_the_domain_is_that_of_every_column() -> None:
    assert '"latitude"' in inside(USERS)
    assert '"größe"' in inside(ORDERS)


@pytest.mark.parametrize("customer", ODD_TEXTS)
def test_rows_are_requested_by_their_keys(clients: InMemoryClients, customer: str) -> None:
    source(clients).republish([key_reader(ORDERS)(order(customer, -7)), "no key"])
    [(number, kind, data)] = clients.database.signals
    assert len(number) <= 42  # characters of riada.signal.id
    literal = customer.replace("'", "''")
    assert kind == "execute-snapshot"
    assert json.loads(data) == {
        "type": "incremental",
        "data-collections": ['"shop"."Order Lines"'],
        "additional-conditions": [
            {
                "data-collection": ".*",
                "filter": f"""("customer", "number") IN (('{literal}'::text, '-7'::int4))""",
            }
        ],
    }
    assert clients.database.roles[-1] is Role.DEBEZIUM


def test_many_rows_are_requested_in_parts(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resend, "AT_ONCE", 2)
    source(clients).republish([f'["{name}",1]' for name in "abcde"])
    assert len({number for number, _, _ in clients.database.signals}) == 3
    assert clients.database.expected == {"orders": 3}


def test_too_many_rows_for_the_connectors_offset_are_requested_all(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resend, "LONGEST", 10)
    source(clients).republish([f'["{name}",1]' for name in "abcde"])
    [(_, _, data)] = clients.database.signals
    assert "additional-conditions" not in json.loads(data)


def test_rows_that_are_requested_all_are_not_requested_again(clients: InMemoryClients) -> None:
    clients.database.pending = {"orders"}
    source(clients).republish(['["a",1]'])
    assert clients.database.signals == []
    clients.database.pending = {"users"}
    source(clients).republish(['["a",1]'])
    assert len(clients.database.signals) == 1


@pytest.mark.parametrize("keys", [[], ["no key"]])
def test_without_rows_nothing_happens(clients: InMemoryClients, keys: list[str]) -> None:
    source(clients).republish(keys)
    assert source(clients).erase(keys) == 0
    assert (clients.database.signals, clients.broker.produced) == ([], [])


def test_a_delete_event_holds_the_key_alone(clients: InMemoryClients) -> None:
    row = order("a,b", 7, "XL", "secret")
    clients.store.rows["orders"] = {'["a,b",7]': (row, (int(Version(3, 500)), 0, 0, 0))}
    assert source(clients).erase(['["a,b",7]', "no key"]) == 1
    [produced] = clients.broker.produced
    assert (produced["topic"], produced["partition"]) == (TOPIC.name, -1)
    assert decoded(TOPIC.key_subject, produced["key"]) == {"customer": "a,b", "number": 7}
    value = decoded(TOPIC.value_subject, produced["value"])
    assert value.pop(COMMITTED_MS) > 1_700_000_000_000
    assert value == {
        "customer": "a,b",
        "number": 7,
        "gr__e": None,
        "note": None,
        "placed": None,
        DELETED: "true",
        OPERATION: "d",
        LSN: 500,
        VERSION: str(int(Version(3, 500))),
    }
    decoder = AvroDecoder(ORDERS, lambda number: json.dumps(SCHEMAS[number][1]))
    event = decoder.event(produced["value"])
    assert (event.key, event.deleted) == (decoder.key(produced["key"]), True)


@pytest.mark.parametrize(
    ("written", "newest", "version"),
    [
        (None, None, Version(3, 0)),  # written by hand: a clock's time is below every epoch
        (1_790_000_000_000_000, None, Version(3, 0)),
        (int(Version(3, 9)), NewestEvent(int(Version(3, 4)), 1, 0, 0), Version(3, 9)),
        (int(Version(2, 9)), NewestEvent(int(Version(3, 4)), None, 0, 0), Version(3, 4)),
    ],
)
def test_invariant_3_a_delete_event_has_the_highest_known_version(
    clients: InMemoryClients, written: int | None, newest: NewestEvent | None, version: Version
) -> None:
    clients.store.rows["orders"] = {'["c",1]': (order("c", 1), (written, None, None, None))}
    source(clients, newest).erase(['["c",1]'])
    [produced] = clients.broker.produced
    value = decoded(TOPIC.value_subject, produced["value"])
    assert value[VERSION] == str(int(version))


def test_a_topic_without_a_schema_has_no_row_to_erase(clients: InMemoryClients) -> None:
    clients.registry.schemas.clear()
    assert source(clients).erase(['["c",1]']) == 0


def test_an_error_of_the_brokers_is_reported(clients: InMemoryClients) -> None:
    clients.broker.error = "Broker: Leader not available"
    with pytest.raises(UnreachableError, match="kafka-1: Broker: Leader not available"):
        source(clients).erase(['["c",1]'])
