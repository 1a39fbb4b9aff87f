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
    mounts, replaced = [], set()
    for name in "cassandra.yaml", "cql.py":
        text = (ROOT / "docker/cassandra" / name).read_text()
        for new, old in TLS.items():
            replaced |= {new} if new in text else set()
            text = text.replace(new, old)
        (tmp_path / name).write_text(text)
        mounts += ["--volume", f"{tmp_path / name}:/opt/cassandra/{name}:ro"]
    assert replaced == TLS.keys(), "the nodes would have TLS already"
    return mounts


def begin(start: Start, name: str, *options: str) -> Container:
    variables = {"HEAP": "512m", "CASSANDRA_SEEDS": ",".join(NODES)}
    if name != NODES[0]:
        variables["WAIT_FOR"] = f"{NODES[0]}:9042"
    words = [word for key, value in variables.items() for word in ("-e", f"{key}={value}")]
    volume = f"{PROJECT}-{name}"
    docker.ask("volume", "create", "--label", f"riada.project={PROJECT}", volume)
    mount = ("--volume", f"{volume}:/var/lib/cassandra")
    return start("cassandra", name, *words, *mount, *options)


def test_one_node_after_the_other(start: Start, earlier: list[str]) -> None:
    nodes = [begin(start, name, *earlier) for name in NODES]  # the first one waits for the other
    await_ring(nodes)
    for number, name in enumerate(NODES):
        nodes[number].run("rm", MARKER).check_returncode()
        docker.remove("container", nodes[number].name)
        nodes[number] = begin(start, name)
        await_ring(nodes)
        assert "accepts clear text" in nodes[number].logs()
    for node in nodes:
        node.run("encryption", "require")
        restart(node)
        await_ring(nodes)
    for node in nodes:
        assert node.run("encryption", "require").returncode == 0


def await_ring(nodes: list[Container]) -> None:
    for node in nodes:
        node.await_healthy("healthcheck", limit_s=LIMIT_S)
    eventually(lambda: [ring(node) for node in nodes] == [2, 2], "both see both", LIMIT_S)
