"""Every version of a row among the messages of a topic."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import fastavro
import pytest

from contract.errors import UnreachableError
from contract.kafka.events import COMMITTED_MS, DELETED, LSN, OPERATION, VERSION, prefix
from contract.kafka.offsets import TopicOffset
from contract.stores.cassandra.batches import BatchRecord
from contract.stream.trace import RowVersions, StageMilliseconds
from contract.table.instant import milliseconds
from control_center.pipeline.decoder import AvroDecoder
from control_center.pipeline.masking import MASK
from control_center.pipeline.topic_message import TopicMessage
from control_center.pipeline.versions import build, events_of, unreachable
from tests.control_center.sample_tables import USERS

ID = "0d5f1c2e-0000-4000-8000-00000000000a"
COMMITTED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COMMITTED_AT = milliseconds(COMMITTED) or 0
SCHEMA = {
    "type": "record",
    "name": "Value",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "email", "type": "string"},
        {"name": LSN, "type": "long"},
        {"name": COMMITTED_MS, "type": "long"},
        {"name": VERSION, "type": "string"},
        {"name": OPERATION, "type": "string"},
        {"name": DELETED, "type": "string"},
    ],
}
KEY_SCHEMA = {"type": "record", "name": "Key", "fields": [{"name": "id", "type": "string"}]}
DECODER = AvroDecoder(USERS, lambda number: json.dumps({1: SCHEMA, 2: KEY_SCHEMA}[number]))


def value(version: int, operation: str, deleted: str = "false") -> bytes:
    record: dict[str, Any] = {
        "id": ID,
        "email": "ana@example.org",
        LSN: version,
        COMMITTED_MS: COMMITTED_AT,
        VERSION: str(version),
        OPERATION: operation,
        DELETED: deleted,
    }
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(SCHEMA), record)
    return prefix(1) + buffer.getvalue()


def message(offset: int, content: bytes, key: str = ID) -> TopicMessage:
    produced = COMMITTED_AT + 40
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(KEY_SCHEMA), {"id": key})
    encoded = prefix(2) + buffer.getvalue()
    return TopicMessage(TopicOffset(2, offset), encoded, content, (), produced)


TOPIC = [
    message(0, value(5, "c")),
    message(1, value(6, "c"), "0d5f1c2e-0000-4000-8000-00000000000b"),
    message(2, b"poison"),
    message(3, value(9, "d", "true")),
    message(4, value(7, "u")),
    message(5, prefix(1)),
    TopicMessage(TopicOffset(2, 6), None, value(1, "c"), (), None),
]
BATCH = BatchRecord(
    11,
    COMMITTED + timedelta(milliseconds=140),
    COMMITTED + timedelta(milliseconds=740),
    {2: 3},
    {2: 4},
    0,
    1,
    0,
    "abc",
    "driver-1",
)


def test_only_decodable_events_of_the_row_are_found() -> None:
    read, events = events_of(TOPIC, ID, DECODER)
    assert read == 7
    assert [item.message.place.offset for item in events] == [0, 3, 4]


def test_versions_are_ordered_by_version_not_by_offset() -> None:
    _, events = events_of(TOPIC, ID, DECODER)
    versions = build(USERS, events, [], unmasked=False)
    assert [version.position for version in versions] == [9, 7, 5]
    assert [version.operation for version in versions] == ["delete", "update", "insert"]


def test_a_version_has_the_times_of_the_batch_that_covers_it() -> None:
    _, events = events_of(TOPIC, ID, DECODER)
    newest, other, _ = build(USERS, events, [BATCH], unmasked=False)
    assert (newest.lsn, newest.partition, newest.offset, newest.batch) == ("0/9", 2, 3, 11)
    assert newest.committed_at == "2026-11-22T12:00:00.000+00:00"
    assert newest.on_topic_at == "2026-11-22T12:00:00.040+00:00"
    assert newest.written_at == "2026-11-22T12:00:00.740+00:00"
    assert newest.milliseconds == StageMilliseconds(40, 100, 600, 740)
    assert (other.batch, other.written_at) == (None, None)


def test_personal_values_are_masked_unless_requested() -> None:
    _, events = events_of(TOPIC[:1], ID, DECODER)
    assert build(USERS, events, [], unmasked=False)[0].record["email"] == MASK
    assert build(USERS, events, [], unmasked=True)[0].record["email"] == "ana@example.org"


def test_an_unknown_operation_is_shown_as_it_is() -> None:
    _, events = events_of([message(0, value(5, "t"))], ID, DECODER)
    assert build(USERS, events, [], unmasked=False)[0].operation == "t"


def test_versions_come_back_from_the_child_unchanged() -> None:
    _, events = events_of(TOPIC, ID, DECODER)
    versions = RowVersions(7, build(USERS, events, [BATCH], unmasked=True))
    assert RowVersions.from_json(json.loads(json.dumps(versions.to_json()))) == versions


@pytest.mark.parametrize(
    ("trace", "component", "cause"),
    [
        (
            "Traceback\ncontract.errors.UnreachableError: kafka-1: does not answer: at all\n",
            "kafka-1",
            "does not answer: at all",
        ),
        ("Traceback\nKeyError: 3", "control-center", "KeyError: 3"),
        ("", "control-center", "no cause given"),
    ],
)
def test_the_error_of_the_child(trace: str, component: str, cause: str) -> None:
    error = unreachable(trace)
    assert isinstance(error, UnreachableError)
    assert (error.component, error.cause) == (component, cause)
