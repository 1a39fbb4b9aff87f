"""Which running containers compose would change, and which replicas they lack."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from node.config import Config, load
from node.errors import NotReadyError
from node.steps.running import changed_services, out_of_sync
from tests.node.conftest import Command
from tests.node.engine import DOCKER, Engine
from tests.node.test_config import TEXT


@pytest.fixture
def engine(tmp_path: Path, command: Command) -> Engine:
    command("docker", DOCKER.format(folder=tmp_path))
    return Engine(tmp_path, "demo")


@pytest.fixture
def config(run: Path, tmp_path: Path) -> Config:
    compose = tmp_path / "compose.json"
    compose.write_text('{"services": {}}')
    return replace(load(TEXT, {}), run=run, compose=compose)


@pytest.mark.parametrize(
    ("running", "wanted", "changed"),
    [
        ((), ("kafka 1",), []),
        (("kafka 1",), ("kafka 1",), []),
        (("kafka 1",), ("kafka 1", "exporter 1"), []),
        (("kafka 1",), ("kafka 2",), ["kafka"]),
        (("kafka 1", "old 1"), ("kafka 1",), ["old"]),
        (("b 1", "a 1", "c 1"), ("a 2", "b 2", "c 1"), ["a", "b"]),
    ],
    ids=["first boot", "same", "added", "changed", "removed", "several"],
)
def test_running_containers_that_compose_would_change(
    engine: Engine,
    config: Config,
    running: tuple[str, ...],
    wanted: tuple[str, ...],
    changed: list[str],
) -> None:
    engine.runs(*running)
    engine.wants(*wanted)
    assert changed_services(config) == changed


def test_a_compose_file_that_compose_refuses(config: Config, command: Command) -> None:
    command("docker", "echo WARNING; echo 'services must be a mapping' >&2; exit 15")
    with pytest.raises(NotReadyError, match=r"^docker compose: services must be a mapping$"):
        changed_services(config)


def test_the_command_of_the_label_runs_in_the_container(
    engine: Engine, config: Config, tmp_path: Path
) -> None:
    assert out_of_sync(config) == ""
    assert not (tmp_path / "asked").exists()
    engine.asks("kafka")
    assert out_of_sync(config) == ""
    asked = (tmp_path / "asked").read_text()
    assert asked == "exec demo/kafka timeout 60 replicas --all\n"


def test_it_has_the_environment_of_the_compose_file(
    engine: Engine, config: Config, tmp_path: Path
) -> None:
    """The members of a cluster that grows: the new ones must have joined before an old one
    restarts, or these two may be a quorum without the others."""
    service = {"container_name": "demo/zookeeper", "environment": {"SERVERS": "a b c", "ID": "1"}}
    config.compose.write_text(json.dumps({"services": {"zookeeper": service}}))
    engine.asks("zookeeper")
    assert out_of_sync(config) == ""
    environment = "--env=SERVERS=a b c --env=ID=1"
    asked = (tmp_path / "asked").read_text()
    assert asked == f"exec {environment} demo/zookeeper timeout 60 replicas --all\n"


def test_its_last_line_is_the_cause(engine: Engine, config: Config) -> None:
    engine.asks("kafka")
    engine.lacks("3 of 40 partitions")
    assert out_of_sync(config) == "demo/kafka: 3 of 40 partitions"


def test_an_unhealthy_container_is_asked_only_without_the_filter(
    engine: Engine, config: Config
) -> None:
    engine.asks("kafka", healthy=False)
    engine.lacks("3 of 40 partitions")
    assert out_of_sync(config, "health=healthy") == ""
    assert out_of_sync(config) == "demo/kafka: 3 of 40 partitions"


def test_an_empty_label_asks_nothing(engine: Engine, config: Config, tmp_path: Path) -> None:
    engine.write("labels", "demo/connect\t[]\n")
    assert out_of_sync(config) == ""
    assert not (tmp_path / "asked").exists()
