"""The disks of two of three Cassandra nodes are lost: both name the command that helps. After it
the ring has three equal replicas of the remaining rows."""

from __future__ import annotations

import pytest

from cli.host import docker
from docker.cassandra.joining import COMMAND
from tests.docker.conftest import Container, Start, start
from tests.harness.wait import eventually

__all__ = ["start"]
pytestmark = pytest.mark.timeout(1800)

NAMES = [f"cassandra-{number}" for number in (1, 2, 3)]
ROWS = 50
LIMIT_S = 600
SCRIPT = """\
import sys; sys.path.insert(0, '/opt/cassandra')
from cassandra import ConsistencyLevel
from cassandra.query import SimpleStatement
from cql import connect, secret
from contract.stores.cassandra.roles import ADMIN, ADMIN_SECRET
def run(statement, level="QUORUM"):
    level = getattr(ConsistencyLevel, level)
    return session.execute(SimpleStatement(statement, consistency_level=level), timeout=60)
session = connect(ADMIN, secret(ADMIN_SECRET), timeout_s=60)
"""


def cql(node: Container, text: str) -> str:
    done = node.run("/opt/cassandra/venv/bin/python", "-I", "-c", SCRIPT + text)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def ring(start: Start) -> list[Container]:
    nodes: list[Container] = []
    for number, name in enumerate(NAMES):
        settings = {"HEAP": "512m", "REPLICATION_FACTOR": 3, "CASSANDRA_SEEDS": ",".join(NAMES)}
        if number:
            settings["WAIT_FOR"] = f"{NAMES[number - 1]}:9042"
        options = [word for key, value in settings.items() for word in ("-e", f"{key}={value}")]
        nodes.append(start("cassandra", name, *options, "--restart", "unless-stopped"))
    for node in nodes:
        node.await_healthy("healthcheck", limit_s=LIMIT_S)
    eventually(lambda: repaired(nodes[0]) == dict.fromkeys(NAMES, 3), "a full ring", LIMIT_S)
    return nodes


def repaired(node: Container) -> dict[str, int]:
    select = "run('SELECT host, repaired FROM people.cassandra_nodes')"
    shown = cql(node, f"for row in {select}: print(row.host, row.repaired)")
    return {host: int(factor) for host, factor in (line.split() for line in shown.splitlines())}


def await_log(node: Container, text: str) -> None:
    eventually(lambda: text in node.logs(), f"{node.name} logs {text}", LIMIT_S)


def lose_disk(node: Container) -> None:
    node.run("bash", "-c", "rm -rf /var/lib/cassandra/*").check_returncode()
    docker.ask("kill", "--signal", "KILL", node.name)
    docker.ask("start", node.name)


def test_two_of_three_disks(ring: list[Container]) -> None:
    first, *lost = ring
    write = "INSERT INTO people.batches (job, day, written_at, batch_id) VALUES"
    cql(
        first,
        f"for n in range({ROWS}): run(\"{write} ('orders', '2026-01-01', 0, %d)\" % n, \"ALL\")",
    )
    for node in lost:
        lose_disk(node)
    for node, name in zip(lost, NAMES[1:], strict=True):
        remedy = f"docker exec riada-{name} {COMMAND}"
        await_log(node, remedy)
    assert "cassandra-2 and cassandra-3 do not serve" in lost[0].logs()

    lost[0].run(COMMAND).check_returncode()
    for node in lost:
        node.await_healthy("healthcheck", limit_s=LIMIT_S)
    eventually(lambda: repaired(first) == dict.fromkeys(NAMES, 3), "equal replicas", LIMIT_S)
    count = "SELECT count(*) FROM people.batches WHERE job = 'orders' AND day = '2026-01-01'"
    docker.ask("stop", first.name)  # the replaced nodes alone have every row
    assert cql(lost[0], f'print(run("{count}").one()[0])') == str(ROWS)
