"""Health reports cross a process: the Control Center writes them, `make status` reads them."""

from __future__ import annotations

import json

import pytest

from contract.health.details import DETAILS
from contract.health.details.airflow import AirflowDetails, DagRun
from contract.health.details.backup import BackupDetails
from contract.health.details.base import NodeStatus, ProbeDetails
from contract.health.details.capture import CaptureDetails, TableCapture
from contract.health.details.cassandra import CassandraDetails
from contract.health.details.connect import ConnectDetails
from contract.health.details.databases import DatabasesDetails, DatabaseStatus
from contract.health.details.disk import DiskDetails
from contract.health.details.driver import DriverDetails, TableQuery
from contract.health.details.ingest import IngestDetails, TableIngest
from contract.health.details.kafka import KafkaDetails
from contract.health.details.lag import LagDetails, TableLag
from contract.health.details.postgres import PostgresDetails, PostgresTable
from contract.health.details.prometheus import PrometheusDetails
from contract.health.details.schema_registry import SchemaRegistryDetails, TableSubject
from contract.health.details.slot import SlotDetails
from contract.health.details.source import SourceDetails, TableSource
from contract.health.details.spark import SparkDetails
from contract.health.details.topic import TableTopic, TopicDetails
from contract.health.details.verification import (
    DifferenceKind,
    RowDifference,
    TableVerification,
    VerificationDetails,
)
from contract.health.details.zookeeper import ZooKeeperDetails
from contract.health.diagnosis import Diagnosis
from contract.health.report import HealthReport
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState
from contract.stores.postgres.backups import Backups

NODES = (NodeStatus("kafka-1", True, "answers"), NodeStatus("kafka-2", False, "is gone"))
RUN = DagRun("manual__1", "failed", "2026-11-22T11:00:00Z", None, "HTTP 400")
EXAMPLES: dict[str, ProbeDetails] = {
    "source": SourceDetails({"users": TableSource("http://randomuser:8000/api/", "delivers")}),
    "postgres": PostgresDetails(
        "0/1", "2026-11-22", 9, 100, "logical", {"orders": PostgresTable(True, unknown=("vat",))}
    ),
    "disk": DiskDetails(5, 100, {"kafka-1": 40}),
    "backup": BackupDetails(
        Backups("2026-11-27", "incr", bytes=9), "2026-11-27", 2, {"archive": "WAL waits"}
    ),
    "databases": DatabasesDetails(
        {"shop": DatabaseStatus("16.4", "", "", {"lines": PostgresTable(True, cause="x")})}
    ),
    "airflow": AirflowDetails("abc", {"d": ("t",)}, {"d": RUN, "e": None}, {"x.py": "E"}),
    "ingest": IngestDetails({"users": TableIngest(9, 1, 9, 1, None)}),
    "zookeeper": ZooKeeperDetails(NODES),
    "kafka": KafkaDetails(NODES, ("kafka-1",), {"riada.capture": 1}),
    "schema-registry": SchemaRegistryDetails({"users": TableSubject("s", True, "BACKWARD")}),
    "connect": ConnectDetails(
        "RUNNING",
        {"0": "FAILED"},
        "connect:8083",
        "E",
        "cause",
        {"shop": ConnectDetails("RUNNING", {"0": "RUNNING"}, "connect:8083")},
    ),
    "slot": SlotDetails(
        True,
        False,
        retained_wal_bytes=4096,
        changes={"users": 7},
        databases={"shop": SlotDetails(True, True, changes={"lines": 1})},
    ),
    "capture": CaptureDetails(
        2, "the slot was lost", "2026-11-22", {"users": TableCapture(1, 1, True, 7.5, False, "x")}
    ),
    "topic": TopicDetails({"users": TableTopic({"0": 40, "1": 50}, (1,), (), 3, 1)}),
    "spark": SparkDetails(NODES, "ALIVE", 2, 1, 3, 2),
    "cassandra": CassandraDetails(NODES, "5.0", 2, {"users": ""}, 3, 3, ("cassandra-1",)),
    "driver": DriverDetails(
        "abc",
        "j0b",
        ("stream-j0b",),
        (),
        {"d": "RUNNING"},
        {"restart": None},
        {"users": TableQuery("halted", "2026-11-22", "cause")},
    ),
    "lag": LagDetails({"users": TableLag({"0": 7}, 1.5, 3.0, None)}),
    "verification": VerificationDetails(
        0.15,
        {
            "users": TableVerification(
                9.5,
                1.5,
                8.5,
                7.5,
                by_kind={"field": 1},
                first=(RowDifference("7", DifferenceKind.FIELD, ("city",), 9.0),),
            )
        },
    ),
    "prometheus": PrometheusDetails({"kafka": True}),
}


def result(name: str, details: ProbeDetails | None) -> ProbeResult:
    return ProbeResult(name, ProbeState.WARN, "needs attention", f"{name}-1", details, 12)


@pytest.mark.parametrize("name", DETAILS)
def test_details_of_every_probe_survive_json(name: str) -> None:
    before = result(name, EXAMPLES[name])
    after = ProbeResult.from_json(json.loads(json.dumps(before.to_json())))
    assert after == before


def test_a_result_without_details() -> None:
    before = result("kafka", None)
    assert ProbeResult.from_json(json.loads(json.dumps(before.to_json()))) == before


def test_a_probe_of_a_newer_release_is_shown_without_its_details() -> None:
    newer = result("kafka", EXAMPLES["kafka"]).to_json() | {"name": "flink"}
    assert ProbeResult.from_json(newer).details is None
    assert ProbeResult.from_json(newer | {"details": ["a", "list"]}).details is None


def test_the_fields_of_the_report() -> None:
    """Scripts read them from JSON=1."""
    report = HealthReport(
        ok=False,
        sentence="kafka-1: is gone",
        since_s=75,
        rows_in_slot=None,
        diagnosis=Diagnosis("kafka", "kafka-1", "is gone"),
        probes=(result("topic", EXAMPLES["topic"]),),
    )
    assert report.to_json() == {
        "ok": False,
        "sentence": "kafka-1: is gone",
        "since_s": 75,
        "rows_in_slot": None,
        "diagnosis": {"stage": "kafka", "component": "kafka-1", "cause": "is gone"},
        "probes": [
            {
                "name": "topic",
                "state": "warn",
                "summary": "needs attention",
                "component": "topic-1",
                "details": {
                    "tables": {
                        "users": {
                            "end_offsets": {"0": 40, "1": 50},
                            "under_replicated": [1],
                            "without_leader": [],
                            "dead_letters": 3,
                            "dead_letters_waiting": 1,
                            "kept": {},
                            "limit_bytes": None,
                            "limit_s": None,
                            "topic": "",
                        }
                    }
                },
                "took_ms": 12,
            }
        ],
    }
    assert HealthReport.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_details_are_found_by_their_class() -> None:
    results = [result("slot", None), result("topic", EXAMPLES["topic"])]
    assert details_of(results, TopicDetails) == EXAMPLES["topic"]
    assert details_of(results, SlotDetails) is None
