"""Metrics of each stage: from the details of its probe, and none for what is unknown."""

from __future__ import annotations

import math

from contract.health.details.base import ProbeDetails
from contract.health.details.connect import ConnectDetails
from contract.health.details.ingest import IngestDetails
from contract.health.details.lag import LagDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.topic import TopicDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.metrics import stages
from control_center.metrics.stream import StreamDetails
from tests.control_center.metrics.samples import values

LAG = LagDetails(7, {"0": 0, "1": 7}, 1.5, 0.5, None)


def metrics(*details: ProbeDetails | None) -> dict[str, float]:
    results = [ProbeResult("x", ProbeState.OK, "", "x", item) for item in details]
    return values(stages.families(results))


def test_an_unknown_value_has_no_sample() -> None:
    assert metrics() == {}
    assert metrics(None) == {}


def test_every_stage() -> None:
    slot = SlotDetails(True, True, retained_wal_bytes=4096, safe_wal_bytes=8192, changes=100)
    everything = metrics(
        slot,
        ConnectDetails("RUNNING", {"0": "FAILED"}, "connect:8083"),
        TopicDetails(2, {"0": 40, "1": 50}, (1,), (), 3, 1),
        IngestDetails(90, 4, 9, 1, "reason"),
        StreamDetails(80),
        LAG,
    )
    assert everything == {
        "riada_people_committed_total": 100,
        "riada_rejects_total": 4,
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


def test_the_oldest_message_is_0_s_old_when_none_waits() -> None:
    nothing_waits = LagDetails(0, {"0": 0}, None, 900.0, 240)
    assert metrics(nothing_waits)["riada_stream_oldest_waiting_seconds"] == 0


def test_the_age_of_messages_that_wait_may_be_unknown() -> None:
    assert "riada_stream_oldest_waiting_seconds" not in metrics(LagDetails(7, {}, None, None, None))


def test_an_unread_slot_never_retains_0() -> None:
    unread = metrics(SlotDetails(True, active=False, retained_wal_bytes=0))
    assert math.isnan(unread["riada_slot_retained_bytes"])
    assert unread["riada_slot_active"] == 0
