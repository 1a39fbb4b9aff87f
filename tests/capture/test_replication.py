"""Topics that were made with fewer brokers get the replicas that more brokers allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from capture.clients.replication import (
    PAUSE_S,
    Cluster,
    Partition,
    Place,
    Replication,
    raised,
)
from capture.clients.source import UnavailableError

ALONE = Partition((1,), (1,))
COMPLETE = Partition((3, 1, 2), (1, 2, 3))
PLACES = [("_connect_configs", 0), ("riada.capture", 0), ("riada.public.users", 0)]
GROWN = Cluster((1, 2, 3), dict.fromkeys(PLACES, ALONE))


def test_each_partition_gets_every_broker_and_another_leader() -> None:
    assert raised(GROWN, 3) == {
        ("_connect_configs", 0): (1, 2, 3),
        ("riada.capture", 0): (2, 3, 1),
        ("riada.public.users", 0): (3, 1, 2),
    }


def test_a_partition_with_enough_replicas_stays() -> None:
    assert raised(Cluster((1, 2, 3), {("a", 0): COMPLETE}), 3) == {}
    assert raised(Cluster((1, 2, 3), {("a", 0): Partition((2, 1), (1,))}), 2) == {}


def test_the_present_replicas_stay_even_if_their_broker_is_away() -> None:
    assert raised(Cluster((1, 2, 3, 4), {("a", 0): Partition((4,), (4,))}), 3) == {
        ("a", 0): (1, 2, 4)
    }
    assert raised(Cluster((2, 3, 4), {("a", 0): ALONE}), 3) == {("a", 0): (2, 3, 1)}


def test_nothing_moves_before_all_brokers_answer() -> None:
    assert raised(Cluster((1, 2), {("a", 0): ALONE}), 3) == {}


@dataclass
class MemoryKafka:
    """Copies one partition per request for the cluster's state."""

    state: Cluster
    assigned: list[Mapping[Place, Sequence[int]]] = field(default_factory=list)
    away: bool = False

    def cluster(self) -> Cluster:
        if self.away:
            raise UnavailableError("Kafka: timed out")
        for place, partition in self.state.partitions.items():
            if partition.replicas != partition.in_sync:
                copied = Partition(partition.replicas, partition.replicas)
                self.state = Cluster(self.state.brokers, {**self.state.partitions, place: copied})
                break
        return self.state

    def assign(self, replicas: Mapping[Place, Sequence[int]]) -> None:
        self.assigned.append(replicas)
        changed = {
            place: Partition(tuple(brokers), self.state.partitions[place].in_sync)
            for place, brokers in replicas.items()
        }
        self.state = Cluster(self.state.brokers, {**self.state.partitions, **changed})


class Steps:
    def __init__(self, kafka: MemoryKafka, factor: int = 3) -> None:
        self.now = 0.0
        self.reports: list[str] = []
        self.replication = Replication(kafka, factor, lambda: self.now, self.reports.append)

    def take(self, count: int) -> list[str]:
        for _ in range(count):
            self.replication.step()
            self.now += PAUSE_S
        return self.reports


def test_progress_is_reported_until_all_are_copied() -> None:
    kafka = MemoryKafka(GROWN)
    assert Steps(kafka).take(9) == [
        "3 partitions get 3 replicas",
        "1 of 3 partitions have 3 replicas",
        "2 of 3 partitions have 3 replicas",
        "3 of 3 partitions have 3 replicas",
    ]
    assert len(kafka.assigned) == 1


def test_it_waits_between_steps() -> None:
    kafka = MemoryKafka(GROWN)
    steps = Steps(kafka)
    steps.replication.step()
    kafka.state = GROWN
    steps.replication.step()
    assert len(kafka.assigned) == 1


def test_kafka_away_is_reported_once_and_tried_again() -> None:
    kafka = MemoryKafka(GROWN, away=True)
    steps = Steps(kafka)
    assert steps.take(3) == ["topics keep their replication for now: Kafka: timed out"]
    kafka.away = False
    assert steps.take(1)[1:] == ["3 partitions get 3 replicas"]


def test_one_replica_asks_nothing() -> None:
    kafka = MemoryKafka(GROWN, away=True)
    assert Steps(kafka, factor=1).take(2) == []
