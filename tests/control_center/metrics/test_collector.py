"""What Prometheus is told: who may read it, and that nothing unknown is told as 0."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from contract.stream.batches import BatchRecord
from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.health.probes import PROBES, prometheus, slot
from control_center.health.result import ProbeResult, ProbeState
from control_center.metrics import probe_metrics, sample_offsets, stages
from control_center.web.app import build
from control_center.web.context import AppContext

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOTHING: dict[str, dict[str, Any]] = {name: {} for name in (*PROBES, "stream")}


def values(families: Any) -> dict[str, float]:
    """Sample as Prometheus writes it → value."""
    found: list[Metric] = list(families)
    return {
        sample.name + "".join(f"{{{key}={text}}}" for key, text in sample.labels.items()): (
            sample.value
        )
        for family in found
        for sample in family.samples
    }


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "control-center-metrics").write_text("metrics-token\n")
    environment = {"SECRETS": str(tmp_path), "ARTIFACTS": str(tmp_path), "STATE": str(tmp_path)}
    return TestClient(
        build(AppContext.of(Clients(Settings.load(environment)), ["x"]), "operators-token")
    )


def ask(client: TestClient, token: str, path: str = "/metrics") -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def test_a_platform_that_is_away_has_probes_that_fail_and_no_number(client: TestClient) -> None:
    answer = ask(client, "metrics-token")
    assert answer.status_code == 200
    found = values(text_string_to_metric_families(answer.text))
    failed = {name for name in PROBES if found[f"riada_probe_up{{probe={name}}}"] == 0}
    assert failed == PROBES.keys() - {"prometheus"}, "without Prometheus people still arrive"
    unknown = ("riada_people", "riada_slot", "riada_dead", "riada_stream_lag", "riada_connect")
    assert not [name for name in found if name.startswith(unknown)]
    assert found["riada_disk_size_bytes"] > found["riada_disk_free_bytes"] > 0
    assert found["process_resident_memory_bytes"] > 0


@pytest.mark.parametrize("token", ["", "wrong", "operators-token"])
def test_only_its_own_token_reads_it(client: TestClient, token: str) -> None:
    assert ask(client, token).status_code == 401


def test_its_token_opens_nothing_else(client: TestClient) -> None:
    assert ask(client, "metrics-token", "/api/status").status_code == 401


def test_a_missing_secret_is_named() -> None:
    clients = Clients(Settings.load({"SECRETS": "/nowhere", "STATE": "/nowhere"}))
    client = TestClient(build(AppContext.of(clients, ["x"]), "operators-token"))
    answer = ask(client, "")
    assert answer.status_code == 503
    assert "/nowhere/control-center-metrics cannot be read" in answer.json()["detail"]


# --- findings -------------------------------------------------------------------------------------


def test_a_warning_is_no_failure() -> None:
    results = [ProbeResult(state.value, state, "", "x", took_ms=1500) for state in ProbeState]
    found = values(probe_metrics.families(results))
    assert [found[f"riada_probe_up{{probe={state.value}}}"] for state in ProbeState] == [1, 1, 0]
    assert found["riada_probe_seconds{probe=ok}"] == 1.5


@pytest.mark.parametrize(
    ("probe", "evidence", "expected"),
    [
        (
            "kafka",
            {"brokers": {"kafka-1:9092": "answers", "kafka-2.riada.internal:9092": "is gone"}},
            {"kafka-1": True, "kafka-2": False},
        ),
        (
            "zookeeper",
            {"modes": {"zookeeper-1:2181": "leader", "zookeeper-2:2181": "refuses connections"}},
            {"zookeeper-1": True, "zookeeper-2": False},
        ),
        ("cassandra", {"nodes": {"cassandra-1:9042": "answers"}}, {"cassandra-1": True}),
        (
            "spark",
            {"workers": {"spark-worker-1": "spark://m:7077", "spark-worker-2": "DOWN: away"}},
            {"spark-worker-1": True, "spark-worker-2": False},
        ),
        ("postgres", {"users_estimate": 5}, {}),
        ("kafka", {"deadline_s": 5}, {}),
    ],
)
def test_nodes(probe: str, evidence: dict[str, Any], expected: dict[str, bool]) -> None:
    assert probe_metrics.nodes(ProbeResult(probe, ProbeState.OK, "", probe, evidence)) == expected


# --- stages ---------------------------------------------------------------------------------------


def test_nothing_known_is_nothing_told() -> None:
    assert values(stages.families(NOTHING)) == {}


def test_every_stage() -> None:
    evidence = NOTHING | {
        "slot": {
            "changes": 100,
            "active": True,
            "retained_wal_bytes": 4096,
            "safe_wal_bytes": 8192,
        },
        "connect": {"connector": "RUNNING", "tasks": {"0": "FAILED"}},
        "topic": {
            "end_offsets": {"0": 40, "1": 50},
            "under_replicated": [1],
            "dead_letters": 3,
        },
        "stream": {"delivered": 80},
        "lag": {"waiting": 7, "waiting_by_partition": {"0": 0, "1": 7}, "oldest_waiting_s": 1.5},
    }
    assert values(stages.families(evidence)) == {
        "riada_people_committed_total": 100,
        "riada_people_on_topic_total": 90,
        "riada_people_in_cassandra_total": 80,
        "riada_dead_letters_total": 3,
        "riada_slot_active": 1,
        "riada_slot_retained_bytes": 4096,
        "riada_slot_safe_bytes": 8192,
        "riada_connect_running{part=connector}": 1,
        "riada_connect_running{part=task-0}": 0,
        "riada_topic_under_replicated_partitions": 1,
        "riada_stream_lag_messages{partition=0}": 0,
        "riada_stream_lag_messages{partition=1}": 7,
        "riada_stream_oldest_waiting_seconds": 1.5,
    }


def test_nothing_waits() -> None:
    found = values(stages.families(NOTHING | {"lag": {"waiting": 0, "oldest_waiting_s": None}}))
    assert found == {"riada_stream_oldest_waiting_seconds": 0}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((True, "reserved", "0/1", "0/2", 9, 0, 0, 7), 0.0),
        ((False, "reserved", "0/1", "0/2", 9, 5, 0, 7), 5.0),
        ((False, "reserved", "0/1", "0/2", 9, 0, 0, 7), math.nan),
        ((False, "lost", None, None, None, None, None, 7), math.nan),
        (None, math.nan),
    ],
    ids=["read", "unread", "unread and empty", "lost", "gone"],
)
def test_an_unread_slot_never_retains_0(row: tuple[object, ...] | None, expected: float) -> None:
    found = values(stages.families(NOTHING | {"slot": slot.evaluate(row).evidence}))
    told = found["riada_slot_retained_bytes"]
    assert told == expected or (math.isnan(told) and math.isnan(expected))
    assert found["riada_slot_active"] == float(bool(row and row[0]))


# --- samples --------------------------------------------------------------------------------------


def batch(number: int, start: dict[int, int], end: dict[int, int]) -> BatchRecord:
    begun = NOW + timedelta(seconds=number)
    return BatchRecord(number, begun, begun, start, end, 0, 0, 0, "", "")


def test_every_message_is_picked_once_when_there_are_few() -> None:
    first, second = batch(1, {0: 5, 1: 0}, {0: 7, 1: 0}), batch(2, {0: 7, 1: 0}, {0: 8, 1: 2})
    assert sample_offsets.pick([first, second], 10) == [
        (first, 0, 5),
        (first, 0, 6),
        (second, 0, 7),
        (second, 1, 0),
        (second, 1, 1),
    ]


def test_a_large_batch_is_picked_from_more_often() -> None:
    small, large = batch(1, {0: 0}, {0: 10}), batch(2, {0: 10}, {0: 1000})
    picked = sample_offsets.pick([small, large], 100)
    assert len({place[1:] for place in picked}) == 100
    assert all(one.covers(part, offset) for one, part, offset in picked)
    assert Counter(one.batch_id for one, *_ in picked)[2] >= 80


def test_no_batch_gives_no_sample() -> None:
    assert sample_offsets.pick([], 10) == []
    assert sample_offsets.pick([batch(1, {0: 5}, {0: 5})], 10) == []


# --- the probe ------------------------------------------------------------------------------------


def targets(**up: str) -> list[dict[str, Any]]:
    return [{"metric": {"instance": name}, "value": [0, value]} for name, value in up.items()]


def test_a_silent_target_is_named() -> None:
    found = prometheus.evaluate(targets(connect="1", kafka="0"))
    assert (found.state, found.component) == (ProbeState.WARN, "kafka")
    assert prometheus.evaluate(targets(connect="1", kafka="1")).state is ProbeState.OK
