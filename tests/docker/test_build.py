"""An image does not depend on the modes of the checkout: servers with a umask of 027 or 077."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from tests.cli.host.machine.test_line_endings import copied

USES = "test -x /usr/local/bin/healthcheck && /opt/venv/bin/python -c 'import randomuser.app'"


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A checkout under umask 077, with a line that no other checkout has."""
    with (copied(tmp_path) / "docker/randomuser/healthcheck").open("a") as file:
        file.write(f"# {tmp_path}\n")
    for path in [tmp_path, *tmp_path.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    return tmp_path


@pytest.fixture
def tag(closed: Path) -> Iterator[str]:
    """The tag of its image of randomuser, which is removed afterwards."""
    tags = subprocess.check_output(["docker/build.sh", "--tags"], cwd=closed, text=True)
    image = re.findall(r"riada/randomuser:\w+", tags)[0]
    yield image
    subprocess.run([docker.docker(), "image", "rm", image], capture_output=True)


def runs(tag: str) -> None:
    docker.ask("run", "--rm", "--network", "none", "--entrypoint", "sh", tag, "-c", USES)


def test_a_checkout_under_umask_077_builds_images_that_run(closed: Path, tag: str) -> None:
    build = ["docker/build.sh", "randomuser"]
    done = subprocess.run(build, cwd=closed, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    runs(tag)


def test_the_classic_builder_takes_the_same_context(closed: Path, tag: str) -> None:
    """A client without buildx, of Docker 20.10 or 28."""
    subprocess.run(["docker/build.sh", "python"], cwd=closed, check=True, capture_output=True)
    python = re.findall(
        r"riada/python:\w+",
        subprocess.check_output(["docker/build.sh", "--tags"], cwd=closed, text=True),
    )[0]
    file = "docker/randomuser/Dockerfile"
    build = f"docker/context.sh docker/randomuser randomuser | docker build -t {tag} -f {file} "
    done = subprocess.run(
        ["bash", "-c", f"{build} --build-arg PYTHON={python} -"],
        cwd=closed,
        env={**os.environ, "DOCKER_BUILDKIT": "0"},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    runs(tag)


def test_a_context_holds_the_same_modes_everywhere(closed: Path) -> None:
    """A changed mode would change the layer."""
    listed = "docker/context.sh docker/kafka contract | tar tv | awk '{print $1, $2, $NF}'"
    own, closed_context = (
        subprocess.check_output(["bash", "-euo", "pipefail", "-c", listed], cwd=root, text=True)
        for root in (ROOT, closed)
    )
    assert own == closed_context
    assert "-rwxr-xr-x 0/0 docker/kafka/entrypoint.sh" in own
    assert "drwxr-xr-x 0/0 contract/" in own
