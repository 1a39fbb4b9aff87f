"""A smaller size than the running one is refused before anything changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.host import docker
from cli.host.errors import SettingError
from cli.host.paths import ROOT
from cli.installations import data_nodes
from cli.installations.data_nodes import check, left_out
from cli.installations.local import Installation

THREE = [f"mine-{kind}-{number}" for kind in data_nodes.SETTINGS for number in (1, 2, 3)]
LARGE = {"BROKERS": "3", "ZOOKEEPERS": "3", "CASSANDRA_NODES": "3"}


@pytest.fixture
def volumes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The project's volumes."""
    names = [*THREE, "mine-postgres", "mine-artifacts", "mine-spark-worker-2"]
    monkeypatch.setattr(docker, "named", lambda kind, project: names)
    monkeypatch.setattr(Installation, "folder", tmp_path)
    return names


@pytest.mark.parametrize(
    ("setting", "kept", "nodes"),
    [
        ("BROKERS", "BROKERS=3", "kafka-2 and kafka-3"),
        ("ZOOKEEPERS", "ZOOKEEPERS=3", "zookeeper-2 and zookeeper-3"),
        ("CASSANDRA_NODES", "CASSANDRA_NODES=3", "cassandra-2 and cassandra-3"),
    ],
)
def test_a_smaller_size(volumes: list[str], setting: str, kept: str, nodes: str) -> None:
    with pytest.raises(SettingError) as refused:
        check(Installation("mine", LARGE | {setting: "1"}))
    assert refused.value.cause == (
        f"{setting}=1 leaves out {nodes} of project mine, which hold data; nothing was changed"
    )
    assert refused.value.remedy.startswith(f"keep {kept}; docs/operations.md")


def test_the_size_to_keep_is_one_that_is_accepted(volumes: list[str]) -> None:
    """`make up BROKERS=3` ended before the third broker, and nobody may have two."""
    volumes[:] = [name for name in volumes if name != "mine-kafka-3"]
    with pytest.raises(SettingError) as refused:
        check(Installation("mine", LARGE | {"BROKERS": "1"}))
    assert refused.value.cause.startswith("BROKERS=1 leaves out kafka-2 of project mine")
    assert refused.value.remedy.startswith("keep BROKERS=3; ")


def test_the_refused_size_is_the_wanted_one(volumes: list[str]) -> None:
    volumes.remove("mine-cassandra-2")
    with pytest.raises(SettingError, match="CASSANDRA_NODES=1 leaves out cassandra-3 of"):
        check(Installation("mine", LARGE | {"CASSANDRA_NODES": "1"}))


def test_sizes_are_those_of_terraform() -> None:
    kafka, cassandra = (
        (ROOT / f"infra/modules/{kind}/variables.tf").read_text() for kind in ("kafka", "cassandra")
    )
    for kind, name in (("kafka", "brokers"), ("zookeeper", "zookeepers")):
        assert f"contains({list(data_nodes.SIZES[kind])}, var.{name})" in kafka
    least, most = re.findall(r"var.cassandra_nodes [<>]= (\d+)", cassandra)
    assert data_nodes.SIZES["cassandra"] == (1, *range(int(least), int(most) + 1))


def test_lost_settings_are_a_smaller_size(volumes: list[str]) -> None:
    with pytest.raises(SettingError):
        check(Installation("mine", {}))


@pytest.mark.parametrize("more", [{}, {"CASSANDRA_NODES": "5"}, {"WORKERS": "1"}])
def test_other_sizes_are_accepted(volumes: list[str], more: dict[str, str]) -> None:
    check(Installation("mine", LARGE | more))


def test_a_node_whose_volume_was_removed_may_be_left_out(
    volumes: list[str], tmp_path: Path
) -> None:
    """Terraform's record of it goes, too."""
    (tmp_path / "data-nodes").mkdir()
    for name in ("cassandra-2", "cassandra-3", "kafka-1"):
        (tmp_path / "data-nodes" / name).touch()
    volumes[:] = [name for name in volumes if name not in ("mine-cassandra-2", "mine-cassandra-3")]
    check(Installation("mine", LARGE | {"CASSANDRA_NODES": "1"}))
    assert [file.name for file in (tmp_path / "data-nodes").iterdir()] == ["kafka-1"]


def test_nodes_by_kind() -> None:
    nodes = ["cassandra-12", "cassandra-3", "cassandra-4", "kafka-3", "kafka-1", "kafka-logs"]
    sizes = {"cassandra": 3, "kafka": 1, "zookeeper": 1}
    assert left_out(nodes, sizes) == {"cassandra": [4, 12], "kafka": [3]}
