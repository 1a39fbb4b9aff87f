"""make backup, restore and restore-test: what they ask the container postgres."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.clients import backups
from cli.commands import backup, restore, restore_test
from cli.commands.restore import Options
from cli.host import docker
from cli.host.errors import CliError
from cli.installations import services
from cli.installations.local import Installation
from tests.cli.clock import Clock

NAME = "riada-unit-postgres"
REQUEST = {"id": "r1", "label": "20261127F", "timeline": 1, "target": "2026-11-27", "left": 1}
# Writes its arguments into a file; a script beside it answers.
DOCKER = """#!/bin/bash
folder=$(dirname "$0")
echo "$*" >>"$folder/commands"
case "$*" in
    inspect*) cat "$folder/inspect" ;;
    *healthcheck*) [[ ! -e $folder/down ]] ;;
    *" request"*)
        [[ ! -e $folder/refused ]] || { cat "$folder/refused" >&2; exit 1; }
        cat "$folder/request"
        ;;
    *" restored "*) cat "$folder/restored" ;;
    *" test") echo "restored up to 2026-11-27" ;;
    restart*) rm -f "$folder/down" ;;
    *" tail"*|logs*) echo "postgres: the last line" ;;
esac
"""


class Engine:
    """A docker client with one container; `folder` has its answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "docker"
        program.write_text(DOCKER)
        program.chmod(0o755)
        self.write("request", REQUEST)
        self.write("restored", [{"id": "r1", "problem": ""}])
        self.write("inspect", [inspected(0)])

    def write(self, name: str, value: object) -> None:
        (self.folder / name).write_text(json.dumps(value))

    @property
    def commands(self) -> list[str]:
        lines = (self.folder / "commands").read_text().splitlines()
        return [line for line in lines if not line.startswith("inspect")]


def inspected(restarts: int) -> dict[str, object]:
    config = {"Image": "riada/postgres:1", "Env": ["PGDATA=/data"]}
    return {"RestartCount": restarts, "Config": config}


@pytest.fixture
def engine(
    tmp_path: Path, installation: Installation, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> Iterator[Engine]:
    engine = Engine(tmp_path)
    monkeypatch.setattr(docker, "docker", lambda: os.fspath(tmp_path / "docker"))
    monkeypatch.setattr(services, "containers", lambda _: {"postgres": NAME})
    yield engine


def test_a_restore_restarts_postgresql_and_names_the_next_commands(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore.run(Options(time="5m")) == 0
    assert engine.commands[:3] == [
        f"exec {NAME} healthcheck",
        f"exec {NAME} backup request --time 5m",
        f"restart -t 60 {NAME}",
    ]
    printed = capsys.readouterr().out
    assert "then run: make repair" in printed
    assert "make restore TIMELINE=1" in printed


def test_a_time_that_is_refused_stops_nothing(engine: Engine) -> None:
    (engine.folder / "refused").write_text("backup: it begins at 10:00\nremedy: TIME from 10:00\n")
    with pytest.raises(CliError, match="postgres: it begins at 10:00") as raised:
        restore.run(Options(time="30d"))
    assert raised.value.remedy == "TIME from 10:00"
    assert len(engine.commands) == 2


def test_a_server_that_does_not_serve_is_restored_beside_its_container(engine: Engine) -> None:
    (engine.folder / "down").touch()
    assert restore.run(Options(timeline=2, discard=True)) == 0
    stop, run = engine.commands[1:3]
    assert stop == f"stop -t 60 {NAME}"
    assert f"--volumes-from {NAME} --env PGDATA=/data --entrypoint bash riada/postgres:1" in run
    assert run.endswith("backup request --timeline 2 --discard")


def test_a_refused_server_that_did_not_serve_is_started_again(engine: Engine) -> None:
    (engine.folder / "down").touch()
    (engine.folder / "refused").write_text("backup: it does not run\nremedy: DISCARD=1\n")
    with pytest.raises(CliError, match="does not run"):
        restore.run(Options())
    assert engine.commands[-1] == f"restart -t 60 {NAME}"


def test_ctrl_c_while_postgresql_is_stopped_starts_it_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (engine.folder / "down").touch()

    def interrupted(container: str, *arguments: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "ask_stopped", interrupted)
    with pytest.raises(KeyboardInterrupt):
        restore.run(Options())
    assert engine.commands[1:] == [f"stop -t 60 {NAME}", f"restart -t 60 {NAME}"]


def test_ctrl_c_during_the_restart_restarts_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, restarts = docker.ask, []

    def interrupted(*arguments: str) -> str:
        if arguments[0] == "restart":
            restarts.append(arguments)
            if len(restarts) == 1:
                raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(docker, "ask", interrupted)
    with pytest.raises(KeyboardInterrupt):
        restore.run(Options())
    assert engine.commands[-1] == f"restart -t 60 {NAME}"


def test_a_restore_that_was_not_carried_out_fails(engine: Engine) -> None:
    engine.write("restored", [{"id": "r1", "problem": "WAL cannot be archived"}])
    with pytest.raises(CliError, match="WAL cannot be archived"):
        restore.run(Options())


def test_a_recovery_that_fails_again_and_again_ends_with_the_log(engine: Engine) -> None:
    engine.write("inspect", [inspected(3)])
    with pytest.raises(CliError, match="the last line") as raised:
        restore.run(Options())
    assert "another TIME" in raised.value.remedy


@pytest.mark.parametrize(("full", "kind"), [(False, "incr"), (True, "full")])
def test_a_backup(engine: Engine, full: bool, kind: str) -> None:
    assert backup.run(backup.Options(full)) == 0
    assert engine.commands == [f"exec {NAME} backup run --kind {kind}"]


def test_a_restore_test(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert restore_test.run(restore_test.Options()) == 0
    assert "proven: restored up to 2026-11-27" in capsys.readouterr().out


def test_without_postgresql_on_this_machine(
    engine: Engine, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "containers", lambda _: {"connect": "riada-unit-connect"})
    with pytest.raises(CliError, match="postgres: is not on this machine"):
        backups.container(installation)
