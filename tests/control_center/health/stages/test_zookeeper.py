"""The answer of a ZooKeeper node to `srvr`."""

from __future__ import annotations

from contract.errors import UnreachableError
from control_center.health.stages.zookeeper import ZooKeeperNode, node

ANSWER = b"""Zookeeper version: 3.8.4
Latency min/avg/max: 0/0.5/12
Received: 100
Connections: 3
Outstanding: 0
Zxid: 0x10
Mode: follower
Node count: 131
"""


def test_a_node_that_serves() -> None:
    row = node("zookeeper-1.riada.internal:2181", ANSWER)
    assert row == ZooKeeperNode("zookeeper-1", "follower", "0/0.5/12", "3", "0", "131")


def test_a_node_without_a_quorum_shows_its_answer() -> None:
    text = b"This ZooKeeper instance is not currently serving requests\n"
    assert node("zookeeper-1:2181", text).mode == text.decode().strip()


def test_a_node_that_does_not_answer_shows_the_cause() -> None:
    error = UnreachableError("zookeeper-1", "refuses connections")
    assert node("zookeeper-1:2181", error) == ZooKeeperNode("zookeeper-1", "refuses connections")
