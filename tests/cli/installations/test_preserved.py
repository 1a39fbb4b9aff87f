"""`make up` over an installation of another clone, or of a lost .riada, stops and changes
nothing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from cli.installations.local import Installation

PROJECT = "riada-unit-lost"
LABEL = ("--label", f"riada.project={PROJECT}")
INSTALLATION = Installation(PROJECT, {})


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    for kind in docker.KINDS:
        if names := docker.named(kind, PROJECT):
            docker.remove(kind, *names)
    shutil.rmtree(INSTALLATION.folder, ignore_errors=True)


@pytest.fixture
def image(tmp_path: Path) -> Iterator[str]:
    """A volume that holds an empty file."""
    (tmp_path / "empty").touch()
    tar = f"tar c -C {tmp_path} empty | docker import - riada-unit-lost:empty"
    subprocess.run(["bash", "-c", tar], check=True, capture_output=True)
    yield "riada-unit-lost:empty"
    docker.ask("image", "rm", "-f", "riada-unit-lost:empty")


def up() -> subprocess.CompletedProcess[str]:
    """`make up`, which stops at a used port at the latest."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        return subprocess.run(
            [sys.executable, "-m", "cli", "up"],
            cwd=ROOT,
            env={**os.environ, "PROJECT": PROJECT, "RUNNER": "compose", "POSTGRES_PORT": port},
            text=True,
            capture_output=True,
        )


def container(image: str, secrets: Path) -> str:
    """A stopped container of another `make up`, with a secret of that folder."""
    secrets.mkdir(parents=True, exist_ok=True)
    (secrets / "postgres-superuser").touch()
    mount = f"type=bind,source={secrets}/postgres-superuser,target=/run/secrets/postgres-superuser"
    name = f"{PROJECT}-postgres"
    docker.ask("create", "--name", name, *LABEL, "--mount", mount, image, "none")
    return name


def test_volumes_whose_secrets_are_lost() -> None:
    docker.ask("volume", "create", *LABEL, f"{PROJECT}-postgres")
    done = up()
    assert done.returncode == 1
    assert f"{PROJECT}-postgres" in done.stderr
    assert str(INSTALLATION.folder) in done.stderr
    assert f"PROJECT={PROJECT} make destroy" in done.stderr
    assert docker.named("volume", PROJECT) == [f"{PROJECT}-postgres"]
    assert not INSTALLATION.folder.exists()


def test_containers_of_another_clone(image: str, tmp_path: Path) -> None:
    """This clone has its own folder, from an earlier installation of the same name."""
    INSTALLATION.secrets.mkdir(parents=True)
    other = tmp_path / "clone/.riada" / PROJECT / "secrets"
    name = container(image, other)
    done = up()
    assert done.returncode == 1
    assert str(other.parent) in done.stderr
    assert "PROJECT=" in done.stderr
    assert docker.named("container", PROJECT) == [name]


def test_a_moved_clone_continues(image: str, tmp_path: Path) -> None:
    """Its folder moved with it, so the secrets are not where the containers look for them."""
    INSTALLATION.secrets.mkdir(parents=True)
    before = tmp_path / "before/.riada" / PROJECT / "secrets"
    container(image, before)
    shutil.rmtree(before.parent)
    assert "ports are in use: port" in up().stderr


def test_an_apply_that_was_interrupted_before_its_secrets_continues() -> None:
    INSTALLATION.folder.mkdir(parents=True)
    docker.ask("volume", "create", *LABEL, f"{PROJECT}-kafka-1")
    assert "ports are in use: port" in up().stderr


def test_containers_without_their_secrets(image: str, tmp_path: Path) -> None:
    INSTALLATION.folder.mkdir(parents=True)
    container(image, tmp_path / "gone")
    shutil.rmtree(tmp_path / "gone")
    done = up()
    assert f"{INSTALLATION.secrets} " in done.stderr
    assert "make destroy" in done.stderr
