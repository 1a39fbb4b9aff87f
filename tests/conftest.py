"""One platform per session: `make up` starts it when a test first needs it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest

from cli.host import docker
from cli.host.process import stream
from cli.installations.local import Installation
from cli.installations.removal import remove
from cli.runners.compose import ComposeRunner
from tests.harness.platform import Platform
from tests.harness.settings import ENVIRONMENT, KEEP, PROJECT, own_installation

# The machine may be busy: time is not what these tests assert.
hypothesis.settings.register_profile(
    "busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy")

# Variables of `make test` are not those of the commands that tests run (cli/host/variables.py).
os.environ.pop("MAKEFLAGS", None)

collect_ignore = [
    "dags",
    "spark",
    "control_center",
    "randomuser",
]  # in_image/ runs them inside images


@pytest.fixture(scope="session")
def installation() -> Installation:
    """The installation of the tests, without the remains of an earlier run."""
    own = own_installation()
    if not KEEP:
        remove(own)
    return own


@pytest.fixture(scope="session")
def docker_compose_command() -> str:
    return " ".join(docker.compose())


@pytest.fixture(scope="session")
def docker_compose_project_name() -> str:
    return PROJECT


@pytest.fixture(scope="session")
def docker_compose_file(installation: Installation) -> str:
    """The file that infra/compose renders for the installation of the tests."""
    installation.save()
    stream(["docker/build.sh"])
    compose = ComposeRunner(installation)
    assert compose.init(), "terraform -chdir=infra/compose init"
    compose.render()
    return str(compose.file)


@pytest.fixture(scope="session")
def docker_setup() -> list[str]:
    return ["up -d --no-build --remove-orphans"]


@pytest.fixture(scope="session")
def docker_cleanup(installation: Installation) -> list[str]:
    """No cleanup by compose: the fixture platform removes everything, as `make destroy` does."""
    return []


@pytest.fixture(scope="session")
def platform(
    installation: Installation, docker_services: object, request: pytest.FixtureRequest
) -> Iterator[Platform]:
    """A platform with healthy services, deployed DAGs and the first row in Cassandra."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n— make up PROJECT={PROJECT} RUNNER=compose", flush=True)
        stream(["python3", "-m", "cli", "up"], environment=ENVIRONMENT)
    yield Platform(installation)
    if not KEEP:
        remove(installation)
