"""A node compares its replicas in time, and a node whose disk fails ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from contract.kafka import retention
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


def test_a_node_that_cannot_flush_ends(node: Container) -> None:
    """The disk becomes read-only. Without the end the node's memory would fill with acknowledged
    writes."""
    node.run("chmod", "0", DATA).check_returncode()
    node.run("nodetool", "flush")
    eventually(lambda: not node.running(), "the node has ended", 60)
