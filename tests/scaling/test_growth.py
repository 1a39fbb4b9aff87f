"""One broker and one Cassandra node become three while rows are kept. A smaller size is refused. A
node whose disk is lost takes its own place again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from cli.host import docker
from cli.installations.local import Installation
from cli.installations.removal import remove
from contract.stores.cassandra import nodes
from contract.stores.cassandra.keyspace import KEYSPACE, REPLICATION, factor
from tests.harness.platform import Platform
from tests.harness.prometheus import firing
from tests.harness.settings import KEEP, long
from tests.harness.wait import eventually

GROWN = {"BROKERS": "3", "ZOOKEEPERS": "3", "CASSANDRA_NODES": "3"}
REPLICAS = 3
GROWTH_LIMIT_S = 900

pytestmark = [
    long,
    pytest.mark.skipif(KEEP, reason="KEEP is set: the platform that runs has one of each"),
    pytest.mark.timeout(2400),
]


@pytest.fixture(scope="module")
def platform(installation: Installation) -> Iterator[Platform]:
    """A new platform with one of each and 500 rows, then three of each."""
    platform = Platform(installation)
    _up(platform)
    platform.await_run(platform.ingest(500))
    platform.assert_equal_everywhere()
    _up(platform, **GROWN)
    yield platform
    remove(installation)


def _up(platform: Platform, **settings: str) -> None:
    up = platform.command("up", **settings)
    assert up.returncode == 0, (up.stdout + up.stderr)[-5000:]


def _replicas(platform: Platform) -> dict[str, int]:
    """Topic → the smallest number of replicas in sync of its partitions, as kcat describes it."""
    shown = json.loads(platform.run_in("kafka-1", "kcat", "-b", "localhost:9092", "-L", "-J"))
    return {
        topic["topic"]: min(len(partition["isrs"]) for partition in topic["partitions"])
        for topic in shown["topics"]
    }


def _repaired(platform: Platform) -> dict[str, int | None]:
    """Node → the replication factor up to which its replicas were compared."""
    with platform.cassandra() as session:
        return {row.host: row.repaired for row in session.execute(nodes.SELECT)}


def _assert_replicas_are_equal(platform: Platform) -> None:
    """Cassandra compares all replicas and changes nothing."""
    done = platform.exec_in(
        "cassandra-1", "nodetool", "repair", "--preview", "-full", KEYSPACE, "users"
    )
    assert "in sync" in done.stdout, done.stdout + done.stderr


def test_every_topic_gets_three_replicas(platform: Platform) -> None:
    eventually(
        lambda: set(_replicas(platform).values()) == {REPLICAS},
        "every topic has three replicas in sync",
        GROWTH_LIMIT_S,
    )
    topics = _replicas(platform)
    assert {"__consumer_offsets", "_connect_configs", "riada.capture"} <= topics.keys()


def test_every_row_gets_three_replicas_that_are_equal(platform: Platform) -> None:
    expected = dict.fromkeys(["cassandra-1", "cassandra-2", "cassandra-3"], REPLICAS)
    eventually(lambda: _repaired(platform) == expected, "every node repaired", GROWTH_LIMIT_S, 5)
    with platform.cassandra() as session:
        query = REPLICATION.replace("?", "%s")
        for keyspace in (KEYSPACE, "system_auth"):
            assert factor(session.execute(query, (keyspace,)).one().replication) == REPLICAS
    _assert_replicas_are_equal(platform)


def test_rows_are_kept_and_flow(platform: Platform) -> None:
    before = platform.count()
    assert before >= 500
    platform.await_run(platform.ingest(200))
    assert platform.count() == before + 200
    platform.assert_equal_everywhere()
    platform.assert_status_ok()
    eventually(lambda: "ReplicasMissing" not in firing(platform), "no replica is missing", 60)


@pytest.mark.parametrize("setting", GROWN)
def test_a_smaller_size_changes_nothing(platform: Platform, setting: str) -> None:
    project = platform.installation.project
    before = docker.identified("container", project), docker.named("volume", project)
    up = platform.command("up", **{setting: "1"})
    assert up.returncode == 1
    assert f"{setting}=1 leaves out" in up.stderr
    assert f"keep {setting}=3" in up.stderr
    assert (docker.identified("container", project), docker.named("volume", project)) == before


@pytest.mark.parametrize("node", ["cassandra-2", "cassandra-1"])
def test_a_lost_disk(platform: Platform, node: str) -> None:
    """cassandra-1 is the first seed. Rows arrive while the node is away."""
    docker.remove("container", platform.container(node))
    docker.remove("volume", platform.container(node))
    platform.await_run(platform.ingest(100))
    _up(platform)
    eventually(
        lambda: "it takes the place of the member" in docker.tail(platform.container(node), 100000),
        f"{node} takes its own place",
    )
    platform.assert_status_ok(GROWTH_LIMIT_S)
    assert set(_repaired(platform).values()) == {REPLICAS}
    platform.assert_equal_everywhere()
    _assert_replicas_are_equal(platform)
