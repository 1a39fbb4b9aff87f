"""make logs: which container's log it shows."""

from __future__ import annotations

import argparse
import subprocess

import pytest

from cli.commands import logs
from cli.commands.logs import Options
from cli.host import docker
from cli.host.errors import CliError
from cli.host.options import read
from cli.installations.local import Installation

NAMES = ["riada-unit-connect", "riada-unit-kafka-1", "riada-unit-kafka-2"]


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, installation: Installation) -> list[list[str]]:
    """The docker commands that were run, of a project with these containers."""
    commands: list[list[str]] = []

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        commands.append(command[1:])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(docker, "named", lambda kind, project: NAMES)
    monkeypatch.setattr(docker, "tail", lambda container, count: f"{count} lines of {container}")
    monkeypatch.setattr(subprocess, "run", run)
    return commands


@pytest.mark.parametrize(
    ("service", "container"),
    [("connect", NAMES[0]), ("kafka-2", NAMES[2]), ("kafka", NAMES[1])],
)
def test_one_service(service: str, container: str, commands: list[list[str]]) -> None:
    assert logs.run(Options(service)) == 0
    assert commands == [["logs", "--tail", "200", container]]


def test_follow_keeps_printing(commands: list[list[str]]) -> None:
    logs.run(Options("connect", follow=True, lines=5))
    assert commands == [["logs", "--tail", "5", NAMES[0], "--follow"]]


@pytest.mark.parametrize("lines", ["0", "-1"])
def test_only_new_lines_or_all(lines: str, commands: list[list[str]]) -> None:
    nothing = argparse.Namespace(service=None, follow=None, lines=None)
    options = read(Options, nothing, {"S": "connect", "FOLLOW": "1", "LINES_SHOWN": lines})
    logs.run(options)
    assert commands == [["logs", "--tail", lines, NAMES[0], "--follow"]]


def test_an_unknown_service_lists_the_others(commands: list[list[str]]) -> None:
    with pytest.raises(CliError, match="no service nonesuch") as raised:
        logs.run(Options("nonesuch"))
    assert raised.value.remedy == "services: connect kafka-1 kafka-2"


def test_all_services(commands: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert logs.run(Options()) == 0
    printed = capsys.readouterr().out
    assert "── kafka-2\n5 lines of riada-unit-kafka-2\n" in printed
    assert printed.endswith("make logs S=connect (FOLLOW=1 keeps printing)\n")
