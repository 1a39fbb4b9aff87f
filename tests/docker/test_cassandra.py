"""A node whose disk fails ends, so that the engine and the probes see it; it does not serve on."""

from __future__ import annotations

from tests.docker.conftest import Start
from tests.harness.wait import eventually

DATA = "/var/lib/cassandra/data"


def test_a_node_that_cannot_flush_ends(start: Start) -> None:
    """As on a disk that went read-only: its memory would fill up with acknowledged writes."""
    node = start("cassandra", "cassandra-1", "-e", "HEAP=512m")
    node.await_healthy("healthcheck", limit_s=300)
    node.run("chmod", "0", DATA).check_returncode()
    node.run("nodetool", "flush")
    eventually(lambda: not node.running(), "the node has ended", 60)
