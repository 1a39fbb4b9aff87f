"""A large table: the Control Center asks the driver over Kafka, and reads the rows that differ."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.errors import UnreachableError
from contract.jobs.compare import CompareRequest, OffsetSummary, StoreSummary
from contract.jobs.spark_comparison import (
    CONTROL,
    DIFFERENCES,
    TOPIC,
    ComparisonFailure,
    ComparisonProgress,
    ComparisonRequest,
    ComparisonResult,
    RecordKind,
    RowDigests,
)
from contract.json_record import JsonRecord
from contract.table.digest import digest
from control_center.jobs.compare.in_spark import run
from control_center.jobs.compare.in_spark.channel import KafkaChannel
from control_center.jobs.compare.in_spark.run import large_request
from control_center.jobs.compare.platform_reader import PlatformReader
from control_center.jobs.compare.run import compare
from tests.control_center.in_memory_clients import (
    InMemoryClients,
    InMemoryMessage,
    event,
    message_key,
    person,
)
from tests.control_center.in_memory_kafka import InMemoryKafka
from tests.control_center.sample_tables import DEAD_LETTERS, USERS
from tests.control_center.sample_tables import TOPIC as EVENTS

A, B = (person(f"0d5f1c2e-0000-4000-8000-00000000000{last}", "Oslo") for last in "ab")
EMPTY = StoreSummary(0, "0" * 32)


class Driver:
    """Answers each request with progress and this result. `rows`: those that differ; `run_before`
    left another one on the topic."""

    def __init__(self, broker: InMemoryKafka) -> None:
        self.broker, self.requests = broker, list[ComparisonRequest]()
        self.rows: list[RowDigests] = []
        self.stores = dict.fromkeys(("postgres", "topic", "cassandra"), EMPTY)
        broker.topics[TOPIC] = {CONTROL: [], DIFFERENCES: []}
        self.tell(DIFFERENCES, RecordKind.DIFFERENCE, RowDigests("before", 0, "x", "1", "1", "1"))

    def tell(self, partition: int, kind: RecordKind, record: JsonRecord) -> None:
        value = json.dumps(record.to_json()).encode()
        self.broker.add(TOPIC, partition, InMemoryMessage(kind.value.encode(), value))

    def answer(self, request: ComparisonRequest) -> None:
        self.requests.append(request)
        for row in self.rows:
            self.tell(DIFFERENCES, RecordKind.DIFFERENCE, row)
        self.tell(CONTROL, RecordKind.PROGRESS, ComparisonProgress(request.id, "1 of 2 tasks"))
        offsets = OffsetSummary(request.messages, request.messages, request.messages, 0, 0, 0)
        result = ComparisonResult(request.id, "now", self.stores, len(self.rows), 0, offsets)
        self.tell(CONTROL, RecordKind.RESULT, result)


class AnsweringKafka(InMemoryKafka):
    def __init__(self) -> None:
        super().__init__()
        self.keeps = True
        self.driver = Driver(self)

    def add(self, topic: str, partition: int, message: InMemoryMessage) -> None:
        super().add(topic, partition, message)
        if topic == TOPIC and message.key() == RecordKind.REQUEST.value.encode():
            value = message.value() or b""
            self.driver.answer(ComparisonRequest.from_json(json.loads(value)))


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InMemoryClients:
    """Two rows in PostgreSQL, and on the topic: a large table. Cassandra lacks one of them."""
    monkeypatch.setattr(run, "MOST_ROWS", 1)
    clients = InMemoryClients(tmp_path)
    clients.broker = AnsweringKafka()
    clients.__dict__["kafka"] = clients.broker
    clients.database.epoch = (3, "snapshot", datetime(2026, 11, 22, tzinfo=UTC))
    clients.database.rows["users"] = {A[0]: A, B[0]: B}
    for row, version in ((A, 5), (B, 6)):
        clients.broker.add(EVENTS, 0, InMemoryMessage(message_key(row), event(row, version)))
    clients.broker.topics[DEAD_LETTERS] = {0: []}
    clients.store.rows["users"] = {A[0]: (A, (5, 0, 0, 0))}
    monkeypatch.setattr("control_center.jobs.compare.run.Clients", lambda: clients)
    return clients


def driver_of(clients: InMemoryClients) -> Driver:
    assert isinstance(clients.broker, AnsweringKafka)
    return clients.broker.driver


def test_a_table_is_large_by_rows_or_messages(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = PlatformReader(clients, USERS)
    request = large_request(clients, reader)
    assert request is not None
    assert (request.table, request.rows, request.messages) == ("users", 2, 2)
    of_shop = PlatformReader(clients, replace(USERS, database="shop"))
    assert large_request(clients, of_shop) is None
    monkeypatch.setattr(run, "MOST_ROWS", 2)
    assert large_request(clients, reader) is None
    monkeypatch.setattr(run, "MOST_MESSAGES", 1)
    assert large_request(clients, reader) is not None


def test_a_store_with_more_rows_than_estimated_is_compared_by_spark(
    clients: InMemoryClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's statistics say 2 rows, and Cassandra has 5."""
    monkeypatch.setattr(run, "MOST_ROWS", 2)
    for number in range(5):
        row = person(f"0d5f1c2e-0000-4000-8000-{number:012x}", "Oslo")
        clients.store.rows["users"][row[0]] = (row, (5, 0, 0, 0))
    compare(CompareRequest("users"))
    [request] = driver_of(clients).requests
    assert request.rows == 5


def test_equal_stores_are_ok(clients: InMemoryClients, capsys: pytest.CaptureFixture[str]) -> None:
    summary = StoreSummary(2, "7" * 32)
    driver_of(clients).stores = dict.fromkeys(driver_of(clients).stores, summary)
    result = compare(CompareRequest("users"))
    assert (result.ok, result.postgres, result.cassandra) == (True, summary, summary)
    assert result.offsets.read == 2
    output = capsys.readouterr().out
    assert "Spark compares all rows: 1 of 2 tasks" in output
    assert "users: all three stores are equal" in output
    assert len(driver_of(clients).requests) == 1


def test_a_difference_is_described(clients: InMemoryClients) -> None:
    text = f"{digest(USERS, B):032x}"
    driver_of(clients).rows = [RowDigests("now", 3, B[0], text, text, None, 6, 0, 1)]
    result = compare(CompareRequest("users"))
    assert (result.ok, result.differing) == (False, 1)
    [key] = result.keys
    assert (key.key, key.missing, key.newest_event) == (B[0], ("cassandra",), (0, 1))


def test_a_failure_of_the_driver_is_the_jobs(clients: InMemoryClients) -> None:
    driver = driver_of(clients)

    def fail(request: ComparisonRequest) -> None:
        driver.tell(CONTROL, RecordKind.FAILURE, ComparisonFailure(request.id, "has no table"))

    driver.answer = fail  # type: ignore[method-assign]
    with pytest.raises(UnreachableError, match="the streaming driver has no table"):
        compare(CompareRequest("users"))


def test_a_missing_topic_has_a_remedy(clients: InMemoryClients) -> None:
    clients.broker.topics[TOPIC] = {}
    with pytest.raises(UnreachableError, match=f"topic {TOPIC} does not exist") as error:
        KafkaChannel(clients)
    assert "restart" in error.value.remedy


def test_a_request_that_kafka_refuses_is_an_error(clients: InMemoryClients) -> None:
    clients.broker.error = "no leader"
    with pytest.raises(UnreachableError, match=f"topic {TOPIC}: no leader"):
        KafkaChannel(clients).ask(ComparisonRequest("1", "users", (), (), 0))
