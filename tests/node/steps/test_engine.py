"""The engine and the containers, with scripts in place of systemctl and docker."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from node.config import Config, load
from node.errors import NotReadyError
from node.steps.engine import await_health, sees, start_containers, start_engine, unhealthy
from tests.node.conftest import Command
from tests.node.test_config import TEXT


@pytest.fixture
def config(run: Path, tmp_path: Path) -> Config:
    return replace(load(TEXT, {}), run=run, compose=tmp_path / "compose.json")


def test_starts_what_the_compose_file_names(
    config: Config, command: Command, tmp_path: Path
) -> None:
    command("docker", f'echo "$*" >{tmp_path}/arguments')
    start_containers(config)
    expected = f"compose -p demo -f {config.compose} up -d --no-build --remove-orphans\n"
    assert (tmp_path / "arguments").read_text() == expected


def test_last_line_of_compose_is_the_cause(config: Config, command: Command) -> None:
    command("docker", "echo Creating; echo 'no such image' >&2; echo; exit 1")
    with pytest.raises(NotReadyError, match=r"^compose: no such image$"):
        start_containers(config)
    assert "Creating" in (config.run / "up.log").read_text()


def test_engine_that_does_not_start(config: Config, command: Command) -> None:
    command("systemctl", "exit 1")
    with pytest.raises(NotReadyError, match="engine does not start"):
        start_engine(config)


def test_engine_that_does_not_see_the_volume(
    config: Config, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.steps.engine.PID_FILE", tmp_path / "docker.pid")
    command("systemctl", "exit 0")
    start_engine(config)
    with pytest.raises(NotReadyError, match="does not see volume vol-0abc"):
        start_engine(replace(config, volume="vol-0abc"))


def test_a_process_sees_a_volume_that_is_the_same_device(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    assert not sees(pid_file, tmp_path)
    pid_file.write_text(f"{os.getpid()}\n")
    assert sees(pid_file, tmp_path)
    assert not sees(pid_file, tmp_path / "absent")


def test_unhealthy_containers() -> None:
    listing = "a (Up 2 s (healthy))\nb (Up 1 s (health: starting))\nc (Up 9 s (unhealthy))\n"
    assert unhealthy(listing) == ["b (Up 1 s (health: starting))", "c (Up 9 s (unhealthy))"]
    assert unhealthy("") == []


def test_names_the_containers_that_do_not_become_healthy(command: Command) -> None:
    command("docker", "echo 'a (Up 1 s (healthy))'; echo 'b (Exited (1))'")
    with pytest.raises(NotReadyError, match=r"^b \(Exited \(1\)\)$"):
        await_health(0)


def test_waits_until_all_are_healthy(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.steps.engine.POLL_S", 0)
    asked = tmp_path / "asked"
    command("docker", f"[[ -e {asked} ]] && echo 'a (Up (healthy))' || echo a; touch {asked}")
    await_health(60)


def test_a_warning_of_docker_is_not_a_container(command: Command) -> None:
    command("docker", "echo 'WARNING: config.json is ignored' >&2; echo 'a (Up 1 s (healthy))'")
    await_health(0)


def test_an_engine_that_does_not_answer_is_not_ready(command: Command) -> None:
    command("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")
    with pytest.raises(NotReadyError, match=r"^docker ps: Cannot connect to the Docker daemon$"):
        await_health(0)
