"""Metrics of each stage: from the details of its probe, and none for what is unknown."""

from __future__ import annotations

import math

import pytest

from contract.health.details.backup import BackupDetails
from contract.health.details.base import ProbeDetails
from contract.health.details.capture import CaptureDetails, TableCapture
from contract.health.details.cassandra import CassandraDetails
from contract.health.details.connect import ConnectDetails
from contract.health.details.databases import DatabasesDetails, DatabaseStatus
from contract.health.details.disk import DiskDetails
from contract.health.details.driver import DriverDetails, TableQuery
from contract.health.details.ingest import IngestDetails, TableIngest
from contract.health.details.kafka import KafkaDetails
from contract.health.details.lag import LagDetails, TableLag
from contract.health.details.postgres import PostgresDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.source import SourceDetails, TableSource
from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from contract.stores.postgres.backups import Backups
from control_center.metrics import stages
from control_center.metrics.stream import StreamDetails
from tests.control_center.metrics.samples import values

LAG = LagDetails({"orders": TableLag({"0": 0}, None, 9.0), "users": TableLag({"1": 7}, 1.5, 0.5)})


def metrics(*details: ProbeDetails | None) -> dict[str, float]:
    results = [ProbeResult("x", ProbeState.OK, "", "x", item) for item in details]
    return values(stages.families(results))


BEGAN = "2026-11-27T00:00:00+00:00"


def test_an_unknown_value_has_no_sample() -> None:
    assert metrics() == {}
    assert metrics(None) == {}


@pytest.mark.parametrize(
    ("table", "needed"),
    [
        (TableCapture(added_epoch=1, verified_epoch=2), 0),
        (TableCapture(added_epoch=2), 0),  # Cassandra was empty
        (TableCapture(added_epoch=1, verified_epoch=1), 1),
        (TableCapture(added_epoch=1), 1),
        (TableCapture(added_epoch=1, verified_epoch=2, uncaptured=True), 1),
    ],
)
def test_a_repair_is_needed_until_a_comparison_of_the_epoch_was_equal(
    table: TableCapture, needed: int
) -> None:
    shop = CaptureDetails(2, "restored", BEGAN, {"lines": table})
    capture = CaptureDetails(1, "first", BEGAN, {"users": TableCapture(1)}, {"shop": shop})
    name = "riada_repair_needed{table=%s}"
    assert metrics(capture) == {name % "lines": needed, name % "users": 0}


def test_every_stage() -> None:
    slot = SlotDetails(
        True,
        True,
        retained_wal_bytes=4096,
        safe_wal_bytes=8192,
        changes={"orders": 7, "users": 100},
    )
    queries = {
        "new": TableQuery(""),
        "orders": TableQuery("halted", cause="x"),
        "users": TableQuery("running", unverified=True),
    }
    everything = metrics(
        slot,
        ConnectDetails("RUNNING", {"0": "FAILED"}, "connect:8083"),
        TopicDetails(
            {"orders": TableTopic({"0": 6}), "users": TableTopic({"0": 40, "1": 50}, (1,), (), 3)}
        ),
        IngestDetails({"users": TableIngest(90, 4, 9, 1, "reason")}),
        SourceDetails(
            {"orders": TableSource("http://x", ""), "users": TableSource("http://y", "", True)}
        ),
        StreamDetails({"orders": 6, "users": 80}),
        DriverDetails("abc", "j0b", (), (), {}, {}, queries),
        LAG,
        KafkaDetails((), ("kafka-1",), {"riada.capture": 1}),
        CassandraDetails((), "5.0", 3, {}, 1, 3, ("cassandra-2",)),
    )
    assert everything == {
        "riada_repair_needed{table=new}": 0,
        "riada_repair_needed{table=orders}": 0,
        "riada_repair_needed{table=users}": 1,
        "riada_replicas_missing{store=kafka}": 1,
        "riada_replicas_missing{store=cassandra}": 3,
        "riada_rows_committed_total{table=orders}": 7,
        "riada_rows_committed_total{table=users}": 100,
        "riada_rejects_total{table=users}": 4,
        "riada_source_continuous{table=orders}": 0,
        "riada_source_continuous{table=users}": 1,
        "riada_rows_on_topic_total{table=orders}": 6,
        "riada_rows_on_topic_total{table=users}": 90,
        "riada_rows_in_cassandra_total{table=orders}": 6,
        "riada_rows_in_cassandra_total{table=users}": 80,
        "riada_dead_letters_total{table=orders}": 0,
        "riada_dead_letters_total{table=users}": 3,
        "riada_slot_active": 1,
        "riada_slot_retained_bytes": 4096,
        "riada_slot_safe_bytes": 8192,
        "riada_connect_running{part=connector}": 1,
        "riada_connect_running{part=task-0}": 0,
        "riada_topic_under_replicated_partitions{table=orders}": 0,
        "riada_topic_under_replicated_partitions{table=users}": 1,
        "riada_stream_running{table=orders}": 0,
        "riada_stream_running{table=users}": 1,
        "riada_stream_lag_messages{table=orders}{partition=0}": 0,
        "riada_stream_lag_messages{table=users}{partition=1}": 7,
        "riada_stream_oldest_waiting_seconds{table=orders}": 0,
        "riada_stream_oldest_waiting_seconds{table=users}": 1.5,
    }


def test_what_takes_space() -> None:
    postgres = PostgresDetails("0/0", "", 1, 100, "logical", {}, wal_bytes=9)
    assert metrics(DiskDetails(5, 100), postgres) == {
        "riada_disk_free_bytes": 5,
        "riada_disk_size_bytes": 100,
        "riada_wal_bytes": 9,
    }


def test_when_a_certificate_expires() -> None:
    postgres = PostgresDetails("0/0", "", 1, 100, "logical", {}, certificate_until=1.5)
    cassandra = CassandraDetails((), certificates_until={"cassandra-1": 2.5})
    shown = metrics(postgres, cassandra)
    assert shown["riada_certificate_expires_seconds{service=postgres}"] == 1.5
    assert shown["riada_certificate_expires_seconds{service=cassandra-1}"] == 2.5


def test_what_kafka_keeps_of_a_topic_and_its_limits() -> None:
    topic = TableTopic({"0": 6}, kept={"0": 4}, limit_bytes=9, limit_s=60.0, topic="riada.orders")
    everything = metrics(TopicDetails({"orders": topic, "users": TableTopic({"0": 6})}))
    kept = {
        name: value for name, value in everything.items() if "messages{" in name or "limit" in name
    }
    assert kept == {
        "riada_topic_messages{table=orders}{topic=riada.orders}{partition=0}": 4,
        "riada_topic_limit_bytes{table=orders}": 9,
        "riada_topic_limit_seconds{table=orders}": 60,
    }


def test_the_oldest_message_is_0_s_old_when_none_waits() -> None:
    nothing_waits = LagDetails({"users": TableLag({"0": 0}, None, 900.0, 240)})
    assert metrics(nothing_waits)["riada_stream_oldest_waiting_seconds{table=users}"] == 0


def test_the_age_of_messages_that_wait_may_be_unknown() -> None:
    unknown = metrics(LagDetails({"users": TableLag({"0": 7})}))
    assert unknown == {"riada_stream_lag_messages{table=users}{partition=0}": 7}


def test_each_database_has_its_slot_and_its_connector() -> None:
    shop = SlotDetails(True, False, retained_wal_bytes=9, safe_wal_bytes=3, changes={"lines": 5})
    connector = ConnectDetails("RUNNING", {}, "connect:8083")
    everything = metrics(
        SlotDetails(True, True, changes={"users": 7}, databases={"shop": shop}),
        ConnectDetails("RUNNING", {}, "connect:8083", databases={"shop": connector}),
        DatabasesDetails({"shop": DatabaseStatus("16.4"), "crm": DatabaseStatus(cause="x")}),
    )
    assert everything.pop("riada_slot_retained_bytes") != 9
    assert everything == {
        "riada_rows_committed_total{table=lines}": 5,
        "riada_rows_committed_total{table=users}": 7,
        "riada_slot_active": 1,
        "riada_slot_active{database=shop}": 0,
        "riada_slot_retained_bytes{database=shop}": 9,
        "riada_slot_safe_bytes{database=shop}": 3,
        "riada_connect_running{part=connector}": 1,
        "riada_connect_running{part=connector}{database=shop}": 1,
        "riada_database_up{database=crm}": 0,
        "riada_database_up{database=shop}": 1,
    }


def test_an_unread_slot_never_retains_0() -> None:
    unread = metrics(SlotDetails(True, active=False, retained_wal_bytes=0))
    assert math.isnan(unread["riada_slot_retained_bytes"])
    assert unread["riada_slot_active"] == 0


def test_backups_of_postgresql() -> None:
    """What has not happened yet has no sample."""
    report = Backups(newest_at="1970-01-02T00:00:00+00:00", oldest_at="1970-01-01T00:00:01+00:00")
    assert metrics(BackupDetails(report, "", 7, {"archive": "WAL waits"})) == {
        "riada_backup_newest_seconds": 86400,
        "riada_backup_oldest_seconds": 1,
        "riada_backup_waiting_wal_files": 7,
        "riada_backup_problem{part=archive}": 1,
        "riada_backup_problem{part=backup}": 0,
        "riada_backup_problem{part=restore-test}": 0,
    }
