"""Every store keeps every record, and any of them may be lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.errors import ComponentError
from contract.kafka.topics import ERASURES
from control_center.config import SettingsError
from control_center.pipeline.erasures.erasures import SECRET, Erasures
from control_center.pipeline.erasures.record import Erasure
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.in_memory_kafka import InMemoryMessage
from tests.control_center.sample_tables import ORDERS, USERS

ENDED = Erasure("a", "users", 1000, 2000)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    (tmp_path / SECRET).write_text("secret\n")
    clients = InMemoryClients(tmp_path)
    clients.broker.keeps = True
    return clients


def test_each_store_alone_has_every_record(clients: InMemoryClients) -> None:
    Erasures.of(clients).write([ENDED])
    file = clients.settings.state / "erasures.jsonl"
    stored = (file.read_text(), clients.broker.topics, clients.database.erasures)
    for kept in range(3):
        file.write_text(stored[0] if kept == 0 else "")
        clients.broker.topics = stored[1] if kept == 1 else {}
        clients.database.erasures = stored[2] if kept == 2 else {}
        assert Erasures.of(clients).known(USERS) == {"a": ENDED}
        assert Erasures.of(clients).known(ORDERS) == {}


def test_a_postgresql_that_lacks_a_record_was_restored(clients: InMemoryClients) -> None:
    erasures = Erasures.of(clients)
    erasures.write([ENDED])
    assert erasures.lost_in_postgres(USERS) == {}
    later = Erasure("a", "users", 3000, 4000)
    before = dict(clients.database.erasures)
    erasures.write([later])
    clients.database.erasures = before
    assert erasures.lost_in_postgres(USERS) == {"a": later}
    clients.database.erasures = {}
    assert erasures.lost_in_postgres(USERS) == {"a": later}


def test_an_erasure_that_did_not_end_is_unfinished(clients: InMemoryClients) -> None:
    erasures = Erasures.of(clients)
    begun = Erasure("a", "users", 1000)
    erasures.announce([begun])
    assert clients.database.erasures == {}
    assert erasures.unfinished(USERS) == {"a": begun}
    erasures.write([ENDED])
    assert erasures.unfinished(USERS) == {}


def test_an_older_record_changes_nothing(clients: InMemoryClients) -> None:
    erasures = Erasures.of(clients)
    erasures.write([ENDED])
    erasures.write([Erasure("a", "users", 500)])
    assert erasures.known(USERS) == {"a": ENDED}


def test_what_is_no_record_is_left_out(clients: InMemoryClients) -> None:
    (clients.settings.state / "erasures.jsonl").write_text('[1]\n{"mark": "x"}\n{"ma')
    for value in (None, b"noise", b"[]"):
        clients.broker.add(ERASURES.name, 0, InMemoryMessage(b"x", value))
    assert Erasures.of(clients).known(USERS) == {}
    Erasures.of(clients).write([ENDED])
    assert Erasures.of(clients).known(USERS) == {"a": ENDED}


def test_a_topic_that_takes_no_record_is_an_error(clients: InMemoryClients) -> None:
    clients.broker.error = "Broker: Unknown topic or partition"
    with pytest.raises(ComponentError, match="kafka-1: topic riada"):
        Erasures.of(clients).write([ENDED])
    assert clients.database.erasures == {}


def test_rows_are_selected_by_their_marks(clients: InMemoryClients) -> None:
    erasures = Erasures.of(clients)
    key = "0f3a7c52-9be1-4a56-8a0e-6d1f2b3c4d5e"
    erasures.write([Erasure(erasures.mark(USERS, key), "users", 1000, 2000)])
    assert erasures.selection(USERS).has(key, 1500)
    assert not erasures.selection(USERS).has(key, 2500)
    assert not erasures.selection(ORDERS).has(key, 1500)


def test_the_secret_is_needed_once_there_is_a_record(tmp_path: Path) -> None:
    clients = InMemoryClients(tmp_path)
    clients.broker.keeps = True
    assert not Erasures.of(clients).selection(USERS).has("a", 1)
    Erasures.of(clients).write([ENDED])
    with pytest.raises(SettingsError, match=SECRET):
        Erasures.of(clients).selection(USERS).has("a", 1)


def test_a_store_that_was_lost_gets_the_records_back(clients: InMemoryClients) -> None:
    erasures = Erasures.of(clients)
    erasures.write([ENDED, Erasure("b", "orders", 1, 2)])
    file = clients.settings.state / "erasures.jsonl"
    file.unlink()
    clients.broker.topics = {}
    clients.database.erasures.pop("a")
    clients.broker.add(
        ERASURES.name, 0, InMemoryMessage(b"a", json.dumps(ENDED.to_json()).encode())
    )
    erasures.restore(USERS)
    [line] = file.read_text().strip().splitlines()
    assert Erasure.from_json(json.loads(line)) == ENDED
    produced = len(clients.broker.produced)
    erasures.restore(USERS)
    assert len(clients.broker.produced) == produced
    assert erasures.lost_in_postgres(USERS) == {"a": ENDED}
