"""Nodes change their running containers one after the other, with all replicas in sync."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from node.config import load
from node.errors import NotReadyError
from node.report import Reporter
from node.steps.engine import start_containers
from node.steps.lease import KEY, Lease
from node.steps.turn import Turn
from tests.node.conftest import Command
from tests.node.engine import DOCKER, Engine
from tests.node.in_memory import MemoryBucket, MemoryMonitoring
from tests.node.test_config import TEXT

WAITS = "waits for its turn: kafka-1 changes its containers"
LACKS = "all replicas are in sync: {node}/kafka: 3 of 40 partitions"


class Node:
    """A node with one container, whose file asks for another."""

    def __init__(self, folder: Path, bucket: MemoryBucket, name: str) -> None:
        self.name, self.engine = name, Engine(folder, name)
        self.engine.runs("kafka 1")
        self.engine.wants("kafka 2")
        self.engine.asks("kafka")
        compose = folder / "compose.json"
        compose.write_text('{"services": {}}')
        run = folder / name / "run"
        run.mkdir()
        self.config = replace(load(TEXT, {}), node=name, project=name, run=run, compose=compose)
        self.monitoring = MemoryMonitoring()
        reporter = Reporter(name, run, folder / name / "console")
        reporter.monitoring = self.monitoring
        self.lease = Lease(bucket, name)
        self.turn = Turn(self.config, self.lease, reporter)

    def check(self) -> str:
        """What a run of the program does with the containers; why the node waits, or ""."""
        if waits := self.turn.begin():
            return waits
        start_containers(self.config)
        return self.turn.end()


Make = Callable[[str], Node]


@pytest.fixture
def node(tmp_path: Path, bucket: MemoryBucket, command: Command) -> Make:
    command("docker", DOCKER.format(folder=tmp_path))
    return lambda name: Node(tmp_path, bucket, name)


def events(folder: Path) -> list[str]:
    return (folder / "log").read_text().splitlines()


def test_a_node_changes_its_containers_and_gives_the_lease_back(
    node: Make, bucket: MemoryBucket
) -> None:
    kafka = node("kafka-1")
    assert kafka.turn.begin() == ""
    assert bucket.objects == {KEY: b"kafka-1"}
    assert kafka.monitoring.messages == ["its turn: changes kafka"]
    start_containers(kafka.config)
    assert kafka.turn.end() == ""
    assert bucket.objects == {}


@pytest.mark.parametrize("running", [(), ("kafka 2",)], ids=["first boot", "unchanged"])
def test_nothing_that_runs_changes_so_no_turn_is_needed(
    node: Make, bucket: MemoryBucket, running: tuple[str, ...]
) -> None:
    first, second = node("kafka-1"), node("kafka-2")
    assert first.turn.begin() == ""
    second.engine.runs(*running)
    second.engine.lacks("3 of 40 partitions")
    assert second.check() == ""
    assert bucket.objects == {KEY: b"kafka-1"}


def test_a_node_waits_until_the_other_has_ended(
    node: Make, bucket: MemoryBucket, tmp_path: Path
) -> None:
    first, second = node("kafka-1"), node("kafka-2")
    assert first.turn.begin() == ""
    assert second.check() == WAITS
    first.engine.lacks("3 of 40 partitions")
    start_containers(first.config)
    keeps = f"keeps its turn until {LACKS.format(node='kafka-1')}"
    assert first.turn.end() == keeps
    assert second.check() == WAITS
    first.engine.lacks("")
    assert first.check() == ""
    assert second.check() == ""
    assert bucket.objects == {}
    assert [line for line in events(tmp_path) if "kafka-2" in line] == [
        "kafka-2 enters",
        "kafka-2 leaves",
    ]


def test_a_node_that_lacks_replicas_keeps_its_containers_and_leaves_the_lease_to_others(
    node: Make, bucket: MemoryBucket
) -> None:
    kafka = node("kafka-1")
    kafka.engine.lacks("3 of 40 partitions")
    assert kafka.check() == f"waits to change until {LACKS.format(node='kafka-1')}"
    assert bucket.puts == []


def test_replicas_are_counted_again_under_the_lease(
    node: Make, bucket: MemoryBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another node may have changed since they were counted first."""
    kafka, take = node("kafka-1"), Lease.take

    def late(lease: Lease) -> bool:
        kafka.engine.lacks("3 of 40 partitions")
        return take(lease)

    monkeypatch.setattr(Lease, "take", late)
    assert kafka.check() == f"waits to change until {LACKS.format(node='kafka-1')}"
    assert bucket.puts == [KEY]
    assert bucket.objects == {}


def test_an_unhealthy_container_is_changed_since_that_may_repair_it(node: Make) -> None:
    kafka = node("kafka-1")
    kafka.engine.asks("kafka", healthy=False)
    kafka.engine.lacks("3 of 40 partitions")
    assert kafka.turn.begin() == ""


@pytest.mark.parametrize("changed", [False, True], ids=["before the change", "after it"])
def test_an_interrupted_turn_goes_on_at_the_same_node(
    node: Make, bucket: MemoryBucket, changed: bool
) -> None:
    first, second = node("kafka-1"), node("kafka-2")
    assert first.turn.begin() == ""
    if changed:
        first.engine.runs("kafka 2")
    assert second.check() == WAITS
    assert first.check() == ""
    assert second.check() == ""
    assert bucket.objects == {}


def test_a_replaced_machine_ends_the_turn_of_its_predecessor(
    node: Make, bucket: MemoryBucket
) -> None:
    first, second = node("kafka-1"), node("kafka-2")
    assert first.turn.begin() == ""
    first.engine.runs()
    assert second.check() == WAITS
    assert first.check() == ""
    assert bucket.objects == {}


def test_a_broken_node_stops_the_roll(node: Make, command: Command, tmp_path: Path) -> None:
    first, second = node("kafka-1"), node("kafka-2")
    assert first.turn.begin() == ""
    command("docker", f"[[ $* != *up* ]] || exit 1\n{DOCKER.format(folder=tmp_path)}")
    for _ in range(3):
        with pytest.raises(NotReadyError):
            first.check()
        assert second.check() == WAITS
    command("docker", DOCKER.format(folder=tmp_path))
    first.engine.wants("kafka 3")
    assert first.check() == ""
    assert second.check() == ""


def test_nodes_that_check_at_the_same_time_change_one_after_the_other(
    node: Make, bucket: MemoryBucket, tmp_path: Path
) -> None:
    nodes = [node(f"kafka-{number}") for number in range(1, 5)]
    (tmp_path / "takes").write_text("0.1")

    def roll(each: Node) -> None:
        while each.check():
            time.sleep(0.02)

    with ThreadPoolExecutor(len(nodes)) as pool:
        list(pool.map(roll, nodes))
    lines = events(tmp_path)
    assert len(lines) == 2 * len(nodes)
    for enters, leaves in zip(lines[::2], lines[1::2], strict=True):
        assert (enters.split()[1], leaves) == ("enters", f"{enters.split()[0]} leaves")
    assert bucket.objects == {}
