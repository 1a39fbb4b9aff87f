"""SIGKILL of one process while 200 rows/s flow: it recovers by itself, and nothing is lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from tests.harness.platform import Platform
from tests.harness.settings import long
from tests.harness.wait import eventually

RATE = 200
ROWS = 4_000
BEFORE_KILL = 1_000


@dataclass(frozen=True)
class Victim:
    """`command`: a part of the process's command line. `always`: also without LONG."""

    name: str
    service: str
    command: str
    always: bool = True


VICTIMS = (
    Victim("driver", "spark-worker-1", "DriverWrapper", always=False),
    Victim("executor", "spark-worker-1", "CoarseGrainedExecutorBackend"),
    Victim("worker", "spark-worker-1", "spark.deploy.worker.Worker", always=False),
    Victim("master", "spark-master", "spark.deploy.master.Master", always=False),
    Victim("connect", "connect", "ConnectDistributed"),
    Victim("kafka", "kafka-1", "kafka.Kafka"),
    Victim("cassandra", "cassandra-1", "CassandraDaemon", always=False),  # test_outage.py kills it
    Victim("postgres", "postgres", "listen_addresses"),
    Victim("zookeeper", "zookeeper-1", "QuorumPeerMain", always=False),
    Victim("airflow-scheduler", "airflow-scheduler", "airflow scheduler", always=False),
)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(
    "victim",
    [
        pytest.param(victim, id=victim.name, marks=() if victim.always else long)
        for victim in VICTIMS
    ],
)
def test_recovers_by_itself(platform: Platform, victim: Victim) -> None:
    platform.assert_status_ok()
    seed = f"fault-{victim.name}-{uuid.uuid4().hex[:6]}"
    before = platform.count()
    run = platform.ingest(ROWS, seed, rate=RATE, batch_size=RATE)
    eventually(lambda: platform.count() >= before + BEFORE_KILL, "rows flow", 120)
    killed = platform.kill(victim.service, victim.command)
    assert killed, f"{victim.service}: no command line contains {victim.command}"
    platform.await_run(run, 900)
    platform.await_healthy()
    assert platform.count() >= before + ROWS
    platform.assert_status_ok(300)
    platform.assert_equal_everywhere()
