"""The Spark cluster: the master, its workers, and the first one that is down."""

from __future__ import annotations

from dataclasses import replace

from contract.health.details.base import NodeStatus
from contract.health.details.spark import SparkDetails
from contract.health.state import ProbeState
from control_center.clients.spark_master import MasterState, Worker
from control_center.health.probes.spark import evaluate, node_status

URL = "spark://spark-master:7077"
FIRST = NodeStatus("spark-worker-1", True, URL)


def master(workers: int = 1) -> MasterState:
    """A master with this number of live workers, and a dead worker that it still lists."""
    alive = Worker("spark-worker-1", "ALIVE", 3, 2, 2048, 1024)
    return MasterState("ALIVE", (alive,) * workers + (replace(alive, state="DEAD"),), (), {})


def test_all_workers_are_registered() -> None:
    result = evaluate(master(), (FIRST,))
    assert (result.state, result.summary) == (ProbeState.OK, "master ALIVE, 1 of 1 workers")
    assert result.details == SparkDetails((FIRST,), "ALIVE", 1, 1, 3, 2)


def test_the_dead_worker_is_named() -> None:
    dead = NodeStatus("spark-worker-2", False, "is not on the network")
    result = evaluate(master(workers=2), (FIRST, dead))
    assert (result.state, result.component) == (ProbeState.FAIL, "spark-worker-2")
    assert result.summary == "spark-worker-2: is not on the network"


def test_a_worker_that_lives_but_is_not_registered() -> None:
    result = evaluate(master(workers=0), (FIRST,))
    assert (result.state, result.component) == (ProbeState.FAIL, "spark-worker-1")


def test_a_worker_that_answers_without_a_master_does_not_serve() -> None:
    waiting = node_status("spark-worker-1.demo.internal:8081", "")
    assert waiting == NodeStatus("spark-worker-1", False, "is not registered with a master")
    assert node_status("spark-worker-1:8081", URL) == FIRST
    result = evaluate(master(workers=0), (waiting,))
    assert (result.state, result.component) == (ProbeState.FAIL, "spark-worker-1")
    assert result.summary == "spark-worker-1: is not registered with a master"


def test_a_standby_master() -> None:
    result = evaluate(replace(master(), status="STANDBY"), (FIRST,))
    assert (result.state, result.component) == (ProbeState.FAIL, "spark-master")
