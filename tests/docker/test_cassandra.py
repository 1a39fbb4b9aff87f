"""A node compares its replicas in time, lets the streaming job make tables, and ends when its disk
fails."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from contract.kafka import retention
from contract.stores.cassandra.table import statements
from contract.table.file import read
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually

DATA = "/var/lib/cassandra/data"
# The number of repairs within gc_grace: some may fail.
CHANCES = 6


@pytest.fixture(scope="module")
def node(start: Start) -> Container:
    node = start("cassandra", "cassandra-1", "-e", "HEAP=512m")
    node.await_healthy("healthcheck", limit_s=300)
    return node


def test_replicas_are_compared_often_enough(node: Container) -> None:
    """Otherwise a node that was down for long brings deleted people back."""
    shown = node.run("nodetool", "getautorepairconfig").stdout
    full = shown.partition("repair_type: full")[2].partition("repair_type:")[0]
    assert "enabled: true" in full, shown
    hours = re.search(r"min_repair_interval: (\d+)h", full)
    assert hours, shown
    assert CHANCES * timedelta(hours=int(hours[1])) <= retention.TOMBSTONE


def cql(node: Container, role: str, *statements: str) -> str:
    """What a role is told; "" if every statement succeeded."""
    calls = "".join(f"session.execute({statement!r})\n" for statement in statements)
    script = "import sys; sys.path.insert(0, '/opt/cassandra')\nfrom cql import connect, secret\n"
    # A change of the schema takes long on a busy machine.
    script += f"session = connect({role!r}, secret('cassandra-{role}'), timeout_s=60)\n{calls}"
    done = node.run("/opt/cassandra/venv/bin/python", "-I", "-c", script)
    return "" if done.returncode == 0 else done.stderr


# The first statement of a role, as soon as it can log in.
FIRST = """
import sys, time
sys.path.insert(0, '/opt/cassandra')
from cassandra.cluster import NoHostAvailable
from cql import connect, secret
while True:
    try:
        session = connect('spark', secret('cassandra-spark'), timeout_s=60)
        break
    except NoHostAvailable:
        time.sleep(0.01)
session.execute('CREATE TABLE people.early (id int PRIMARY KEY)')
"""


def test_a_role_that_can_log_in_has_its_rights(start: Start) -> None:
    """Cassandra would keep its lack of rights for two minutes."""
    name = "cassandra-2"
    node = start("cassandra", name, "-e", "HEAP=512m", "-e", f"CASSANDRA_SEEDS={name}")
    eventually(node.running, "the container runs", 30)
    done = node.run("/opt/cassandra/venv/bin/python", "-I", "-c", FIRST)
    assert done.returncode == 0, done.stderr[-500:]


def test_the_streaming_job_makes_and_alters_tables_and_their_indexes(node: Container) -> None:
    table = statements(read("orders", 'key = ["id"]\n[columns]\nid = "int4"\n'))
    more = 'key = ["id"]\nindexes = ["code"]\n[columns]\nid = "int4"\ncode = "varchar(9) null"\n'
    wider = statements(read("orders", more))
    write = "INSERT INTO people.orders (id) VALUES (1)"
    assert cql(node, "spark", *table, *wider, write) == ""


def test_who_only_reads_makes_no_table(node: Container) -> None:
    error = cql(node, "observer", "CREATE TABLE people.mine (id int PRIMARY KEY)")
    assert "no CREATE permission" in error, error


def test_the_streaming_job_drops_nothing(node: Container) -> None:
    error = cql(node, "spark", "DROP TABLE people.batches")
    assert "no DROP permission" in error, error


def test_a_node_that_cannot_flush_ends(node: Container) -> None:
    """The disk becomes read-only. Without the end the node's memory would fill with acknowledged
    writes."""
    node.run("chmod", "0", DATA).check_returncode()
    node.run("nodetool", "flush")
    eventually(lambda: not node.running(), "the node has ended", 60)
