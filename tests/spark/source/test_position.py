"""The newest record of the capture, read by Kafka's client (its own MockConsumer is the topic)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyspark.sql import SparkSession
from riada_stream.runtime.jvm import JavaObject
from riada_stream.settings import Settings
from riada_stream.source import position
from riada_stream.source.position import (
    BOUND_MARGIN,
    RECORDS_READ,
    RECORDS_READ_FIRST,
    CapturePosition,
    CapturePositions,
    Published,
    newest_record,
)

from contract.kafka.capture import KEY, TOPIC, Capture, State, key
from contract.table.version import Version

CAPTURE = Capture(
    epoch=3,
    state=State.CAPTURING,
    system_identifier="7",
    timeline="1",
    lsn=1_000,
    mark=0,
    at="2026-11-22T20:47:00Z",
    began_at="2026-11-22T20:00:00Z",
    reason="first",
    log_id="log",
)


# py4j passes a number of this size as a Long, which MockConsumer needs.
FIRST_OFFSET = 1 << 33


def consumer(spark: SparkSession, records: list[tuple[str, str | None]]) -> JavaObject:
    """A consumer of a topic with these keys and values; timestamps count from 1,000."""
    jvm: JavaObject = spark._jvm
    kafka = jvm.org.apache.kafka
    earliest = kafka.clients.consumer.OffsetResetStrategy.EARLIEST
    mock = kafka.clients.consumer.MockConsumer(earliest)
    partition = kafka.common.TopicPartition(TOPIC, 0)
    mock.assign(jvm.java.util.List.of(partition))
    mock.updateBeginningOffsets(jvm.java.util.HashMap({partition: FIRST_OFFSET}))
    mock.updateEndOffsets(jvm.java.util.HashMap({partition: FIRST_OFFSET + len(records)}))
    for index, (name, value) in enumerate(records):
        record = kafka.clients.consumer.ConsumerRecord(
            TOPIC,
            0,
            FIRST_OFFSET + index,
            1_000 + index,
            kafka.common.record.TimestampType.CREATE_TIME,
            0,
            0,
            name,
            value,
            kafka.common.header.internals.RecordHeaders(),
            jvm.java.util.Optional.empty(),
        )
        mock.addRecord(record)
    return mock


def test_the_last_valid_record_counts(spark: SparkSession) -> None:
    newer = replace(CAPTURE, lsn=2_000)
    records = [
        (KEY, CAPTURE.to_json()),
        (KEY, newer.to_json()),
        ("another key", CAPTURE.to_json()),
        (KEY, None),
        (KEY, "{}"),
        (KEY, "[]"),
        (KEY, newer.to_json().replace("2000", '"far"')),
        (KEY, "no JSON"),
    ]
    published = newest_record(spark._jvm, consumer(spark, records), KEY, RECORDS_READ)
    assert published == Published(newer, 1_001)


def test_a_topic_without_records(spark: SparkSession) -> None:
    assert newest_record(spark._jvm, consumer(spark, []), KEY, RECORDS_READ) is None


def test_each_database_has_records_of_its_own(spark: SparkSession) -> None:
    shop = replace(CAPTURE, epoch=1, lsn=7)
    records: list[tuple[str, str | None]] = [
        (key("shop"), shop.to_json()),
        *[(KEY, CAPTURE.to_json())] * RECORDS_READ,
    ]

    def read(record: str, count: int) -> Published | None:
        return newest_record(spark._jvm, consumer(spark, records), record, count)

    assert read(KEY, RECORDS_READ) == Published(CAPTURE, 1_000 + RECORDS_READ)
    assert read(key("shop"), RECORDS_READ_FIRST) == Published(shop, 1_000)
    assert read(key("shop"), RECORDS_READ) is None


def test_the_bound_is_ahead_of_the_newest_record() -> None:
    published = Published(CAPTURE, 1_000)
    assert published.bound == int(Version(3, 1_000 + BOUND_MARGIN))


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[Published | None]:
    """The results of the following reads; the last one repeats."""
    results: list[Published | None] = []

    def read(*_: object) -> Published | None:
        return results.pop(0) if len(results) > 1 else results[0]

    monkeypatch.setattr(position, "read_newest", read)
    monkeypatch.setattr(position, "POLL_INTERVAL_S", 0)
    monkeypatch.setattr(position, "REFRESH_TIMEOUT_S", 0.2)
    return results


def test_without_a_record_there_is_no_bound(published: list[Published | None]) -> None:
    published.append(None)
    capture = CapturePosition(None, Settings("r1"))
    assert (capture.refresh(), capture.bound, capture.log_id) == (None, None, "")


def test_the_bound_of_a_table_is_its_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server's positions say nothing about it; its tables share one."""
    records = {
        KEY: Published(CAPTURE, 1_000),
        key("shop"): Published(replace(CAPTURE, epoch=1, lsn=7), 1_000),
    }
    read: list[tuple[str, int]] = []

    def read_newest(_spark: object, _settings: object, record: str, count: int) -> Published | None:
        read.append((record, count))
        return records.get(record)

    monkeypatch.setattr(position, "read_newest", read_newest)
    positions = CapturePositions(None, Settings("r1"))
    bounds = {name: positions.of(name).refresh() for name in ("", "shop", "crm")}
    assert bounds == {"": records[KEY].bound, "shop": records[key("shop")].bound, "crm": None}
    assert positions.of("shop") is positions.of("shop")
    positions.of("shop").refresh()
    positions.of("crm").refresh()
    assert read[-2:] == [(key("shop"), RECORDS_READ), (key("crm"), RECORDS_READ_FIRST)]


def test_a_record_that_disappears_does_not_remove_the_bound(
    published: list[Published | None],
) -> None:
    published += [Published(CAPTURE, 1_000), None]
    capture = CapturePosition(None, Settings("r1"))
    bound = capture.refresh()
    assert capture.refresh() == bound is not None


def test_a_record_that_disappears_does_not_name_the_log(published: list[Published | None]) -> None:
    """Kafka's volume was emptied, and capture has not written yet."""
    published += [Published(CAPTURE, 1_000), None, Published(replace(CAPTURE, log_id="new"), 2_000)]
    capture = CapturePosition(None, Settings("r1"))
    names = []
    for _ in range(3):
        capture.refresh()
        names.append(capture.log_id)
    assert names == ["log", "", "new"]


def test_refresh_waits_for_a_record_after_the_event(published: list[Published | None]) -> None:
    later = Published(replace(CAPTURE, lsn=9_000), 2_000)
    published += [Published(CAPTURE, 1_000), Published(CAPTURE, 1_000), later]
    assert CapturePosition(None, Settings("r1")).refresh(after_ms=1_500) == later.bound


def test_refresh_does_not_wait_forever(
    published: list[Published | None], caplog: pytest.LogCaptureFixture
) -> None:
    earlier = Published(CAPTURE, 1_000)
    published.append(earlier)
    assert CapturePosition(None, Settings("r1")).refresh(after_ms=1_500) == earlier.bound
    assert "Check that connect is running" in caplog.text
