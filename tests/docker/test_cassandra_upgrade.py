"""Nodes of a release without TLS are replaced one after the other, and the ring stays complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from tests.docker.conftest import PROJECT, Container, Start
from tests.docker.test_cassandra_encryption import LIMIT_S, MARKER, restart, ring
from tests.harness.wait import eventually

pytestmark = pytest.mark.timeout(1800)

NODES = ("cassandra-1", "cassandra-2")
# What the earlier release did not have.
TLS = {
    "${CLEAR_TEXT}": "false",
    "enabled: true\n    optional": "enabled: false\n    optional",
    "internode_encryption: all": "internode_encryption: none",
    "        **verified(SECRETS / CA),\n": "",
}


@pytest.fixture
def earlier(tmp_path: Path) -> list[str]:
    """Options of docker run that mount what the earlier release had."""
    mounts = []
    for name in "cassandra.yaml", "cql.py":
        text = (ROOT / "docker/cassandra" / name).read_text()
        for new, old in TLS.items():
            text = text.replace(new, old)
        (tmp_path / name).write_text(text)
        mounts += ["--volume", f"{tmp_path / name}:/opt/cassandra/{name}:ro"]
    return mounts


def run(start: Start, name: str, *options: str) -> Container:
    variables = {"HEAP": "512m", "CASSANDRA_SEEDS": ",".join(NODES)}
    if name != NODES[0]:
        variables["WAIT_FOR"] = f"{NODES[0]}:9042"
    words = [word for key, value in variables.items() for word in ("-e", f"{key}={value}")]
    volume = f"{PROJECT}-{name}"
    docker.ask("volume", "create", "--label", f"riada.project={PROJECT}", volume)
    mount = ("--volume", f"{volume}:/var/lib/cassandra")
    node = start("cassandra", name, *words, *mount, *options)
    node.await_healthy("healthcheck", limit_s=LIMIT_S)
    return node


def test_one_node_after_the_other(start: Start, earlier: list[str]) -> None:
    nodes = [run(start, name, *earlier) for name in NODES]
    await_ring(nodes)
    for number, name in enumerate(NODES):
        nodes[number].run("rm", MARKER).check_returncode()
        docker.remove("container", nodes[number].name)
        nodes[number] = run(start, name)
        assert "accepts clear text" in nodes[number].logs()
        await_ring(nodes)
    for node in nodes:
        node.run("encryption", "require")
        restart(node)
        await_ring(nodes)
    for node in nodes:
        assert node.run("encryption", "require").returncode == 0


def await_ring(nodes: list[Container]) -> None:
    eventually(lambda: [ring(node) for node in nodes] == [2, 2], "both see both", LIMIT_S)
