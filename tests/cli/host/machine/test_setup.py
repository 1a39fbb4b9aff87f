"""`make up` installs and starts the missing parts of a machine, or refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence

import pytest

from cli.host import docker
from cli.host.errors import CliError
from cli.host.machine import setup, tools
from cli.host.machine.check import Check, CheckState


class Machine:
    """`programs` are installed; `commands` are those that setup has run."""

    def __init__(self) -> None:
        self.programs = {"docker", "dockerd", "curl", "openssl", "compose"}
        self.engine = True
        self.images = {setup.BASE_IMAGE}
        self.registry = False
        self.systemd = True
        self.root = True
        self.commands: list[str] = []

    def which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def compose(self) -> tuple[str, ...]:
        if "compose" not in self.programs:
            raise CliError("neither `docker compose` nor docker-compose is installed")
        return ("docker", "compose")

    def stream(self, command: Sequence[str], remedy: str = "") -> None:
        text = " ".join(command)
        self.commands.append(text)
        if " install " in text:
            self.programs |= {"docker", "dockerd"} if "docker.io" in text else set()
        if "systemctl start docker" in text:
            self.engine = True

    def succeeds(self, command: Sequence[str], timeout_s: float = 60) -> bool:
        if "apt-cache" in command:
            return command[-1] == "docker-compose"
        if "inspect" in command:
            return command[-1] in self.images
        return "pull" in command and self.registry


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    machine = Machine()
    replaced: list[tuple[object, str, Callable[..., object]]] = [
        (shutil, "which", machine.which),
        (docker, "reachable", lambda: machine.engine),
        (docker, "compose", machine.compose),
        (docker, "docker", lambda: "docker"),
        (tools, "can_install", lambda: machine.root),
        (tools, "check_terraform", lambda: Check("terraform", CheckState.PASS, "1.12", "1.10")),
        (setup, "stream", machine.stream),
        (setup, "succeeds", machine.succeeds),
        (setup, "_has_systemd", lambda: machine.systemd),
        (setup, "_as_root", list),
    ]
    for owner, name, function in replaced:
        monkeypatch.setattr(owner, name, function)
    yield machine


def test_a_machine_that_has_everything_is_left_alone(machine: Machine) -> None:
    setup.ensure()
    assert machine.commands == []


def test_a_machine_without_an_engine_gets_one(machine: Machine) -> None:
    machine.programs, machine.engine = {"curl", "openssl"}, False
    setup.ensure()
    assert machine.commands[0] == "apt-get update -qq"
    packages = machine.commands[1].partition("--no-install-recommends ")[2]
    assert packages == "docker.io ca-certificates docker-compose"
    assert machine.commands[2] == "systemctl start docker"


def test_an_engine_that_does_not_run_is_started(machine: Machine) -> None:
    machine.engine = False
    setup.ensure()
    assert machine.commands == ["systemctl start docker"]


def test_without_systemd_the_engine_needs_the_old_hierarchies(machine: Machine) -> None:
    machine.programs, machine.engine, machine.systemd = {"curl", "openssl", "compose"}, False, False
    assert list(setup._missing_packages()) == ["docker.io", "ca-certificates", "cgroupfs-mount"]


def test_packages_need_root(machine: Machine) -> None:
    machine.programs.remove("curl")
    machine.root = False
    with pytest.raises(CliError, match="not installed: curl") as raised:
        setup.ensure()
    assert "root" in raised.value.remedy
    assert machine.commands == []


def test_an_engine_needs_root(machine: Machine) -> None:
    machine.engine, machine.root = False, False
    with pytest.raises(CliError, match="no docker engine answers"):
        setup.ensure()


def test_terraform_must_be_installed_first(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = Check("terraform", CheckState.FAIL, "missing", "1.10", "install it")
    monkeypatch.setattr(tools, "check_terraform", lambda: missing)
    machine.programs.remove("curl")
    with pytest.raises(CliError, match=r"terraform: missing, required 1\.10"):
        setup.ensure()
    assert machine.commands == []


@pytest.mark.parametrize(("registry", "installed"), [(True, 0), (False, 2)])
def test_debootstrap_builds_the_base_image_without_a_registry(
    machine: Machine, registry: bool, installed: int
) -> None:
    machine.images, machine.registry = set(), registry
    setup.ensure()
    assert len(machine.commands) == installed
    assert not installed or machine.commands[-1].endswith(" debootstrap debian-archive-keyring")


def test_an_engine_that_does_not_start_is_an_error(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "_START_LIMIT_S", 0)
    monkeypatch.setattr(setup, "stream", lambda command, remedy="": None)
    monkeypatch.setattr(setup, "capture", lambda command: "failed to mount overlay")
    machine.engine = False
    with pytest.raises(CliError, match="did not start within 0 s") as raised:
        setup.ensure()
    assert "journalctl -u docker" in raised.value.remedy
