"""make up: the order of its stages, and where it stops."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.commands import up
from cli.deploy import first_row
from cli.host import docker
from cli.host.errors import CliError
from cli.host.machine import setup
from cli.host.machine.check import Check, CheckState
from cli.host.options import NoOptions
from cli.installations import data_nodes, encryption, preserved, services, versions
from cli.installations.containers import Container
from cli.installations.local import Installation
from contract.stream.trace import (
    Batch,
    Commit,
    RowTrace,
    StageMilliseconds,
    TopicEvent,
    Write,
)

TRACE = RowTrace(
    "users",
    "u-1",
    True,
    Commit("12:00:00.000", "0/16B3748"),
    TopicEvent(3, 12, "12:00:00.100"),
    Batch(7, "12:00:00.300", "r1", 1),
    Write("12:00:00.900"),
    StageMilliseconds(100, 200, 600, 950),
)
STAGES = [
    "setup",
    "preserved",
    "sizes",
    "versions",
    "ports",
    "docker/build.sh",
    "certificates",
    "plan",
    "apply",
    "deploy-dags",
    "encryption",
    "first row",
]


class Platform:
    """`done`: the stages that were reached; `failing`: the stage that fails."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.failing = ""
        self.ports: list[Check] = []
        self.containers: dict[str, str] = {}

    def reach(self, stage: str) -> None:
        self.done.append(stage)
        if stage == self.failing:
            raise CliError(f"{stage} failed")

    def check_ports(self, project: str, published: object) -> list[Check]:
        self.reach("ports")
        return self.ports

    def follow(self, installation: Installation) -> RowTrace:
        self.reach("first row")
        return TRACE

    def choose(self, installation: Installation) -> Platform:
        return self

    def plan(self) -> None:
        self.reach("plan")

    def pending(self) -> set[str]:
        return set()

    def read(self) -> dict[str, Container]:
        return {"postgres": Container("postgres", "mine-postgres", True, frozenset())}

    def apply(self) -> None:
        self.containers["mine-kafka-1"] = "id-1"
        self.reach("apply")

    def require_encryption(self, service: str) -> tuple[int, str]:
        self.reach("encryption")
        return 0, ""

    def stream(self, command: Sequence[str], remedy: str) -> None:
        self.reach(command[-1])


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Platform:
    platform = Platform()
    monkeypatch.setattr(Installation, "folder", tmp_path / "mine")
    monkeypatch.setattr(Installation, "current", lambda: Installation("mine", {}))
    monkeypatch.setattr(setup, "ensure", lambda: platform.reach("setup"))
    monkeypatch.setattr(preserved, "check", lambda installation: platform.reach("preserved"))
    monkeypatch.setattr(data_nodes, "check", lambda installation: platform.reach("sizes"))
    monkeypatch.setattr(versions, "check", lambda installation: platform.reach("versions"))
    monkeypatch.setattr(encryption, "renew", lambda installation: platform.reach("certificates"))
    monkeypatch.setattr(encryption, "upgraded", lambda installation: ["postgres"])
    monkeypatch.setattr(up, "check_ports", platform.check_ports)
    monkeypatch.setattr(up, "choose", platform.choose)
    monkeypatch.setattr(up, "DockerEngine", lambda installation: platform)
    monkeypatch.setattr(up, "stream", platform.stream)
    monkeypatch.setattr(first_row, "follow", platform.follow)
    monkeypatch.setattr(services, "unhealthy", lambda installation: ["mine-kafka-1"])
    monkeypatch.setattr(docker, "identified", lambda kind, project: dict(platform.containers))
    monkeypatch.setattr(docker, "tail", lambda container: f"last lines of {container}")
    monkeypatch.delenv("JSON", raising=False)
    return platform


def test_all_stages_in_order(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    assert up.run(NoOptions()) == 0
    assert platform.done == STAGES
    printed = capsys.readouterr().out
    assert "users u-1" in printed
    assert "http://127.0.0.1:" in printed


def test_a_taken_port_stops_it_before_anything_is_created(platform: Platform) -> None:
    taken = Check("port 9092", CheckState.FAIL, "kafka-1, taken by x", "free", "KAFKA_PORT=19092")
    platform.ports = [Check("port 5432", CheckState.PASS, "postgres, free", "free"), taken]
    with pytest.raises(
        CliError, match=r"ports are in use: port 9092 \(kafka-1, taken by x\)"
    ) as raised:
        up.run(NoOptions())
    assert raised.value.remedy == "KAFKA_PORT=19092"
    assert platform.done == STAGES[:5]


@pytest.mark.parametrize("stage", ["deploy-dags", "first row"])
def test_after_a_failure_unhealthy_services_are_shown(
    platform: Platform, capsys: pytest.CaptureFixture[str], stage: str
) -> None:
    platform.failing = stage
    with pytest.raises(CliError, match=f"{stage} failed"):
        up.run(NoOptions())
    assert "last lines of mine-kafka-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "stage", ["preserved", "sizes", "versions", "ports", "docker/build.sh", "plan"]
)
def test_settings_that_are_refused_are_not_kept(
    platform: Platform, tmp_path: Path, stage: str
) -> None:
    platform.failing = stage
    with pytest.raises(CliError):
        up.run(NoOptions())
    assert platform.done == STAGES[: STAGES.index(stage) + 1]
    assert not (tmp_path / "mine/settings.json").exists()


def test_settings_are_saved_before_containers_start(platform: Platform, tmp_path: Path) -> None:
    platform.failing = "apply"
    with pytest.raises(CliError):
        up.run(NoOptions())
    assert (tmp_path / "mine/settings.json").exists()
    assert (tmp_path / "mine/versions.json").exists()
