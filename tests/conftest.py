"""One platform for the whole session, brought up over its rendered compose file when first used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.host import docker
from cli.host.process import stream
from cli.installations.local import Installation
from cli.installations.removal import remove
from cli.runners.compose import ComposeRunner
from tests.harness.platform import Platform
from tests.harness.settings import ENVIRONMENT, KEEP, PROJECT, installation

collect_ignore = ["dags", "spark", "control_center", "randomuser"]  # run inside images: in_image/


@pytest.fixture(scope="session")
def here() -> Installation:
    """The tests' installation; what an earlier run left of it is gone."""
    found = installation()
    if not KEEP:
        remove(found)
    return found


@pytest.fixture(scope="session")
def docker_compose_command() -> str:
    return " ".join(docker.compose())


@pytest.fixture(scope="session")
def docker_compose_project_name() -> str:
    return PROJECT


@pytest.fixture(scope="session")
def docker_compose_file(here: Installation) -> str:
    """What infra/compose renders for the tests' installation."""
    here.save()
    stream(["docker/build.sh"])
    compose = ComposeRunner(here)
    assert compose.init(), "terraform -chdir=infra/compose init"
    compose.render()
    return str(compose.file)


@pytest.fixture(scope="session")
def docker_setup() -> list[str]:
    return ["up -d --no-build --remove-orphans"]


@pytest.fixture(scope="session")
def docker_cleanup(here: Installation) -> list[str]:
    """None of compose's: `make destroy` is what has to leave nothing (fixture platform)."""
    return []


@pytest.fixture(scope="session")
def platform(
    here: Installation, docker_services: object, request: pytest.FixtureRequest
) -> Iterator[Platform]:
    """Everything healthy, DAGs deployed, the first person in Cassandra."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n— make up PROJECT={PROJECT} RUNNER=compose", flush=True)
        stream(["python3", "-m", "cli", "up"], environment=ENVIRONMENT)
    yield Platform(here)
    if not KEEP:
        remove(here)
