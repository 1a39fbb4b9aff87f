"""The action of the manager in each state, also if it must do nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from capture.clients.connect import Run, Status
from capture.clients.connector import SNAPSHOT
from capture.clients.source import Identity, UnavailableError
from capture.manager import Manager, TopicsMissingError
from contract.kafka.capture import TOPIC, State
from tests.capture.in_memory import FIRST, Memory

Rounds = Callable[[float], None]
BEGIN = [
    "publish",
    "stop",
    "delete_offsets",
    "drop_slot",
    "begin",
    "configure",
    "resume",
    "publish",
]


def test_the_first_epoch_begins_without_a_connector_to_stop(
    manager: Manager, memory: Memory
) -> None:
    manager.round()
    assert memory.calls == ["publish", "drop_slot", "begin", "configure", "publish"]
    assert (memory.epoch, memory.records[-1].state) == (1, State.CAPTURING)
    assert memory.config == {
        "riada.epoch": "1",
        "riada.system.identifier": "7001",
        SNAPSHOT: "public.users",
    }
    assert memory.records[-1].tables.keys() == {"users"}


def test_a_healthy_connector_is_left_alone(rounds: Rounds, memory: Memory) -> None:
    for _ in range(30):
        memory.topic_messages += 1
        rounds(10)
    assert set(memory.calls) == {"publish"}
    assert memory.epoch == 1
    assert memory.records[-1].mark == memory.source.mark > 20


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"identity": Identity("7002", "00000001")}, "another cluster"),
        ({"identity": Identity("7001", "00000002")}, "restored or promoted"),
        ({"lsn": 999}, "restored to before"),
        ({"mark": 0}, "restored to before"),
        ({"epoch": 0, "mark": 0}, "restored to before"),
        ({"epoch": 5}, "Kafka lost its record"),
    ],
)
def test_another_history_begins_an_epoch_above_all_known_ones(
    rounds: Rounds, memory: Memory, change: dict[str, Any], reason: str
) -> None:
    rounds(60)
    memory.calls.clear()
    memory.source = replace(memory.source, **change)
    rounds(5)
    assert memory.calls == BEGIN
    assert memory.epoch == max(2, memory.source.epoch)
    assert reason in memory.records[-1].reason
    assert memory.config is not None
    assert memory.config["riada.system.identifier"] == memory.source.identity.system_identifier


def test_another_cluster_id_begins_an_epoch(rounds: Rounds, memory: Memory) -> None:
    rounds(60)
    memory.cluster = "cluster-2"
    rounds(60)
    assert memory.epoch == 2 and "ZooKeeper lost its data" in memory.records[-1].reason
    assert memory.records[-1].cluster_id == "cluster-2"


def test_the_cluster_id_is_added_to_a_record_of_an_earlier_release(
    rounds: Rounds, memory: Memory
) -> None:
    rounds(60)
    memory.records.append(replace(memory.records[-1], cluster_id=""))
    rounds(60)
    assert (memory.epoch, memory.records[-1].cluster_id) == (1, "cluster-1")


def test_an_lsn_that_overtook_the_captured_one_does_not_hide_a_restore(
    rounds: Rounds, memory: Memory
) -> None:
    """Only this manager increments the mark, and it reads the mark first."""
    rounds(600)
    memory.source = replace(memory.source, mark=3, lsn=10**12)
    rounds(5)
    assert memory.epoch == 2


def test_a_refusal_of_the_task_begins_an_epoch(rounds: Rounds, memory: Memory) -> None:
    rounds(60)
    memory.fail("riada.connect.NewEpochRequired: the replication slot is gone\n\tat riada.connect…")
    rounds(5)
    assert memory.epoch == 2
    assert memory.records[-1].reason == "the replication slot is gone"


@pytest.mark.parametrize("published", [True, False])
def test_a_recreated_publication_begins_an_epoch(
    rounds: Rounds, memory: Memory, published: bool
) -> None:
    rounds(60)
    memory.source = replace(memory.source, published=published)
    memory.fail('Caused by: PSQLException: ERROR: publication "riada" does not exist')
    rounds(5)
    assert memory.epoch == (2 if published else 1)


def test_a_connector_that_kafka_connect_lost_is_created_again(
    rounds: Rounds, memory: Memory
) -> None:
    rounds(60)
    memory.config = None
    rounds(5)
    assert memory.epoch == 2 and memory.config is not None


def test_the_manager_waits_for_a_starting_worker(rounds: Rounds, memory: Memory) -> None:
    memory.status_ = Status(Run.CHANGING)
    rounds(300)
    assert set(memory.calls) == {"publish"} and memory.epoch == 1


def test_a_part_that_stays_without_a_worker_is_restarted(rounds: Rounds, memory: Memory) -> None:
    rounds(60)
    memory.calls.clear()
    memory.status_ = Status(Run.PARTIAL)
    rounds(25)
    assert "restart all" not in memory.calls
    rounds(20)
    assert memory.calls.count("restart all") == 1
    assert memory.status_ == Status(Run.RUNNING)


def test_kafka_without_any_record_begins_an_epoch_above_postgresqls(
    rounds: Rounds, memory: Memory
) -> None:
    log_id = memory.records[-1].log_id
    memory.records.clear()
    rounds(30)
    assert memory.records[-1].epoch == 2
    assert memory.records[-1].log_id not in ("", log_id)
    assert memory.records[-1].reason.startswith("Kafka lost its record")


def test_topics_that_stay_missing_end_the_worker(rounds: Rounds, memory: Memory) -> None:
    """A broker that has just started may not know the topics yet."""
    known = memory.topics
    memory.topics = {}
    with pytest.raises(UnavailableError, match=r"riada\.public\.users"):
        rounds(5)
    memory.topics = known
    rounds(60)
    memory.deleted = ["_connect_offsets"]
    for _ in range(3):
        with pytest.raises(UnavailableError):
            rounds(5)
    with pytest.raises(TopicsMissingError, match="_connect_offsets"):
        rounds(5)


def test_the_worker_ends_also_when_the_record_of_capture_cannot_be_read(
    rounds: Rounds, memory: Memory
) -> None:
    """Kafka's data is lost while the worker runs on, which alone makes the topics again."""
    rounds(60)
    memory.deleted = [TOPIC, "_connect_offsets"]
    for _ in range(3):
        with pytest.raises(UnavailableError, match="are missing"):
            rounds(5)
    with pytest.raises(TopicsMissingError, match="_connect_offsets"):
        rounds(5)


@pytest.mark.parametrize("step", dict.fromkeys(BEGIN))
def test_an_interrupted_epoch_begins_again(
    rounds: Rounds, memory: Memory, manager: Manager, step: str
) -> None:
    rounds(60)
    memory.source = replace(memory.source, identity=Identity("7002", "00000001"))
    memory.now += 60
    memory.failing = step
    with pytest.raises(UnavailableError):
        manager.round()
    rounds(60)
    assert memory.records[-1].state is State.CAPTURING
    assert memory.config is not None and memory.config["riada.epoch"] == str(memory.epoch)
    assert memory.status_ == Status(Run.RUNNING)


def test_pauses_between_failing_epochs_grow(rounds: Rounds, memory: Memory) -> None:
    rounds(60)
    for _ in range(360):  # half an hour
        memory.fail("riada.connect.NewEpochRequired: the snapshot was interrupted")
        rounds(5)
    assert 4 <= memory.epoch <= 10


def test_another_reason_waits_for_no_pause(rounds: Rounds, memory: Memory) -> None:
    rounds(60)
    for number in range(2, 6):
        memory.source = replace(memory.source, identity=Identity("7001", f"0000000{number}"))
        rounds(5)
        assert memory.epoch == number


def test_a_failed_connector_is_restarted_with_growing_pauses(
    rounds: Rounds, memory: Memory
) -> None:
    for _ in range(60):  # five minutes
        memory.fail("org.apache.kafka.connect.errors.ConnectException: …\nCaused by: java: gone")
        rounds(5)
    assert 5 <= memory.calls.count("restart failed") <= 9
    assert any("gone" in line for line in memory.reports)
    memory.run()
    memory.calls.clear()
    rounds(600)
    assert memory.calls.count("restart failed") == 0


def test_a_task_that_captures_nothing_is_restarted(rounds: Rounds, memory: Memory) -> None:
    rounds(55)
    assert "restart all" not in memory.calls
    rounds(10)
    assert memory.calls.count("restart all") == 1


def test_a_partition_without_a_leader_causes_no_restart(rounds: Rounds, memory: Memory) -> None:
    memory.without_leader = ["riada.public.users:2"]
    rounds(300)
    assert "restart all" not in memory.calls
    assert any(
        "no leader for the partitions riada.public.users:2" in line for line in memory.reports
    )


def test_a_paused_connector_stays_paused(rounds: Rounds, memory: Memory) -> None:
    memory.status_ = Status(Run.ORDERED)
    rounds(300)
    assert set(memory.calls) == {"publish"}
    assert memory.status_ == Status(Run.ORDERED)


def test_another_configuration_continues_the_epoch(rounds: Rounds, memory: Memory) -> None:
    memory.config = {"riada.epoch": "1", "poll.interval.ms": "10", SNAPSHOT: "public.first"}
    rounds(5)
    assert "configure" in memory.calls and "stop" not in memory.calls
    assert memory.config == {
        "riada.epoch": "1",
        "riada.system.identifier": "7001",
        SNAPSHOT: "public.first",
    }


def test_without_postgresql_the_manager_does_nothing(manager: Manager, memory: Memory) -> None:
    def away() -> None:
        raise UnavailableError("PostgreSQL: away")

    memory.read_source = away  # type: ignore[method-assign, assignment]
    with pytest.raises(UnavailableError):
        manager.round()
    assert memory.calls == []
    assert FIRST.timeline == "00000001"
