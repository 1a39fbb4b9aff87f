"""The loop submits, kills and waits until exactly one driver of the job runs."""

from __future__ import annotations

import logging

import pytest
from stream.cluster import ClusterError, ClusterState
from stream.loop import StreamLoop
from stream.plan import STOP_GRACE_S

OLD, NEW = "driver-20261122120000-0000", "driver-20261122120500-0001"


class InMemoryCluster:
    """A submitted driver registers its application at once."""

    def __init__(self, drivers: dict[str, str] | None = None) -> None:
        self.drivers = drivers or {}  # id → name of the application
        self.is_down = False
        self.killed: list[str] = []

    def state(self) -> ClusterState:
        if self.is_down:
            raise ClusterError("spark-master: does not answer")
        return ClusterState("ALIVE", 1, tuple(sorted(self.drivers)), tuple(self.drivers.values()))

    def submit(self, release: str, job: str) -> str:
        self.drivers[NEW] = f"stream-{job}"
        return NEW

    def kill(self, driver: str) -> None:
        self.killed.append(driver)
        del self.drivers[driver]


class InMemoryArtifacts:
    def __init__(self) -> None:
        self.current = self.streaming = "r2"
        self.submitted = ""

    def current_release(self) -> str:
        return self.current

    def streaming_release(self) -> str:
        return self.streaming

    def submitted_driver(self, job: str) -> str:
        return self.submitted

    def save_submitted_driver(self, job: str, driver: str) -> None:
        self.submitted = driver


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def run(cluster: InMemoryCluster, artifacts: InMemoryArtifacts, duration_s: float) -> str:
    clock = Clock()
    return StreamLoop("r2", "j2", cluster, artifacts, clock, clock.sleep).run(duration_s)


def test_without_a_driver_the_loop_submits_one() -> None:
    cluster, artifacts = InMemoryCluster(), InMemoryArtifacts()
    assert run(cluster, artifacts, 600) == "the time of the run is over"
    assert cluster.drivers == {NEW: "stream-j2"}
    assert artifacts.submitted == NEW
    assert cluster.killed == []


def test_a_driver_of_the_same_job_stays_after_a_deploy() -> None:
    cluster, artifacts = InMemoryCluster({OLD: "stream-j2"}), InMemoryArtifacts()
    run(cluster, artifacts, 600)
    assert cluster.drivers == {OLD: "stream-j2"}
    assert cluster.killed == []


def test_a_driver_of_another_job_gets_time_to_stop_and_is_then_replaced() -> None:
    cluster = InMemoryCluster({OLD: "stream-j1"})
    run(cluster, InMemoryArtifacts(), STOP_GRACE_S - 10)
    assert cluster.killed == []
    run(cluster, InMemoryArtifacts(), 600)
    assert cluster.killed == [OLD]
    assert cluster.drivers == {NEW: "stream-j2"}


def test_nothing_is_submitted_while_another_release_is_to_stream() -> None:
    cluster, artifacts = InMemoryCluster(), InMemoryArtifacts()
    artifacts.streaming = "r1"
    run(cluster, artifacts, 60)
    assert cluster.drivers == {}


def test_the_run_ends_when_another_release_is_deployed() -> None:
    artifacts = InMemoryArtifacts()
    artifacts.current = "r3"
    assert run(InMemoryCluster(), artifacts, 600) == "release r3 is deployed"


def test_a_master_that_does_not_answer_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    cluster = InMemoryCluster()
    cluster.is_down = True
    with caplog.at_level(logging.INFO):
        run(cluster, InMemoryArtifacts(), 600)
    assert [record.message for record in caplog.records] == ["wait: spark-master: does not answer"]
