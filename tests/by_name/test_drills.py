"""Each store behind PostgreSQL loses its data while rows flow: status names it, the command that it
names makes all stores equal, and rows stay readable. Prints how long it took."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.harness.load import Reads, rows_read, rows_written
from tests.harness.platform import Platform
from tests.harness.prometheus import firing
from tests.harness.rows import insert_many
from tests.harness.tables import USERS
from tests.harness.wait import eventually

RATE = 50
ROWS = 2_000
NAMED_S = 180
READ_GAP_S = 60


@dataclass(frozen=True)
class Volume:
    """`service` has it at `path`."""

    service: str
    path: str


ZOOKEEPER = Volume("zookeeper-1", "/var/lib/zookeeper")
KAFKA = Volume("kafka-1", "/var/lib/kafka")
CASSANDRA = Volume("cassandra-1", "/var/lib/cassandra")
CHECKPOINT = Volume("spark-worker-1", "/checkpoint")
ARTIFACTS = Volume("spark-worker-1", "/artifacts")
CONTROL_CENTER = Volume("control-center", "/var/lib/control-center")


@dataclass(frozen=True)
class Drill:
    """`cause`: a part of the sentence of make status; `remedy`: the command that it names."""

    name: str
    volumes: Sequence[Volume]
    cause: str
    remedy: str

    @property
    def keeps_rows(self) -> bool:
        return CASSANDRA not in self.volumes


DRILLS = (
    Drill("zookeeper", [ZOOKEEPER], "ZooKeeper lost its data", "make repair"),
    Drill("kafka", [KAFKA], "Kafka lost its record of the capture", "make repair"),
    Drill("cassandra", [CASSANDRA], "was dropped", "make repair"),
    Drill("checkpoint", [CHECKPOINT], "checkpoint", "make repair"),
    Drill("artifacts", [ARTIFACTS], "no table is deployed", "make deploy-dags"),
    Drill("control-center", [CONTROL_CENTER], "", "make rebuild"),
    Drill(
        "everything",
        [ZOOKEEPER, KAFKA, CASSANDRA, CHECKPOINT, ARTIFACTS, CONTROL_CENTER],
        "no table is deployed",
        "make rebuild",
    ),
)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.name)
def test_a_lost_store(platform: Platform, drill: Drill) -> None:
    ids = insert_many(platform, USERS, ROWS)
    platform.assert_equal_everywhere()
    with rows_written(platform, RATE), rows_read(platform) as reads:
        empty(platform, drill.volumes)
        platform.sql("DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [ids[: ROWS // 2]])
        began = time.monotonic()
        if drill.cause:
            await_named(platform, drill)
            print(f"\n{drill.name}: named {time.monotonic() - began:.0f} s after the start")
        repair(platform, drill.remedy)
        print(f"\n{drill.name}: {drill.remedy} ended {time.monotonic() - began:.0f} s after it")
    platform.assert_equal_everywhere()
    platform.assert_status_ok()
    check_reads(drill, reads)


@pytest.mark.timeout(1200)
def test_the_registry_loses_its_schemas(platform: Platform) -> None:
    insert_many(platform, USERS, ROWS)
    platform.assert_equal_everywhere()
    with rows_written(platform, RATE), rows_read(platform) as reads:
        platform.stop("schema-registry")
        empty_database = "DROP OWNED BY registry; CREATE SCHEMA IF NOT EXISTS public"
        psql = ("psql", "-XqAt", "-d", "registry", "-c", empty_database)
        platform.run_in("postgres", *psql)
        platform.start("schema-registry")
        registry = Drill("registry", [], "the registry lost it", "make rebuild")
        await_named(platform, registry)
        repair(platform, "make rebuild")
    platform.assert_equal_everywhere()
    platform.assert_status_ok()
    check_reads(registry, reads)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("interrupted_s", [0.5, 3, 8, 15, 25])
def test_an_interrupted_rebuild_is_repeated(platform: Platform, interrupted_s: float) -> None:
    """The Control Center, and with it the job, is killed."""
    ids = insert_many(platform, USERS, ROWS)
    platform.assert_equal_everywhere()
    with rows_written(platform, RATE):
        platform.control_center("POST", "/api/rebuild", {})
        time.sleep(interrupted_s)
        platform.kill("control-center", "control_center")
        platform.sql("DELETE FROM public.users WHERE id = ANY(%s::uuid[])", [ids[: ROWS // 2]])
        platform.await_healthy()
        repair(platform, "make rebuild")
    platform.assert_equal_everywhere()
    platform.assert_status_ok()


@pytest.mark.timeout(1800)
def test_a_hundred_thousand_rows_are_rebuilt(platform: Platform) -> None:
    """Prints the time."""
    insert_many(platform, USERS, 100_000)
    platform.assert_equal_everywhere()
    began = time.monotonic()
    repair(platform, "make rebuild")
    print(f"\n{platform.count():,} rows rebuilt in {time.monotonic() - began:.0f} s")
    platform.assert_equal_everywhere()


def empty(platform: Platform, volumes: Sequence[Volume]) -> None:
    """Stop the services, empty their volumes, and start them."""
    services = list(dict.fromkeys(volume.service for volume in volumes))
    for service in services:
        platform.stop(service)
    for volume in volumes:
        platform.beside(volume.service, f"find {volume.path} -mindepth 1 -delete")
    for service in services:
        platform.start(service)


def await_named(platform: Platform, drill: Drill) -> None:
    def named() -> bool:
        sentence = platform.control_center("GET", "/api/status")["sentence"]
        assert drill.cause in sentence, sentence
        return True

    eventually(named, f"status names {drill.cause!r}", NAMED_S)
    if drill.remedy == "make repair":
        eventually(lambda: "RepairNeeded" in firing(platform), "RepairNeeded fires", NAMED_S)


def repair(platform: Platform, command: str) -> None:
    """Run the command until it succeeds, as its errors ask for."""
    name = command.removeprefix("make ")

    def succeeds() -> bool:
        done = platform.command(name)
        assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
        return True

    eventually(succeeds, command, 900, pause_s=5)


def check_reads(drill: Drill, reads: Reads) -> None:
    print(f"\n{drill.name}: {reads.done} reads, longest gap {reads.longest_gap_s:.0f} s")
    assert reads.done > 0
    if drill.keeps_rows:
        assert reads.longest_gap_s < READ_GAP_S
