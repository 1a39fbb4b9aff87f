"""The services of an installation, as docker inspect shows their containers."""

from __future__ import annotations

import pytest

from cli.host import docker
from cli.host.errors import CliError
from cli.installations import services
from cli.installations.local import Installation

MINE = Installation("mine", {})


def test_containers_by_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "named", lambda kind, project: ["mine-kafka-1", "mine-connect"])
    assert services.containers(MINE) == {"connect": "mine-connect", "kafka-1": "mine-kafka-1"}


def test_an_installation_without_containers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "named", lambda kind, project: [])
    with pytest.raises(CliError, match="project mine has no containers"):
        services.containers(MINE)


def test_the_unhealthy_are_those_that_do_not_run_or_fail_their_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    states = {
        "/a": {"Status": "running", "Health": {"Status": "healthy"}},
        "/b": {"Status": "running"},
        "/c": {"Status": "running", "Health": {"Status": "starting"}},
        "/d": {"Status": "exited", "Health": {"Status": "healthy"}},
        "/e": {"Status": "restarting"},
    }
    containers = [
        {"Name": name, "State": state, "Config": {"Env": [], "Labels": {"riada.service": name[1:]}}}
        for name, state in states.items()
    ]
    monkeypatch.setattr(docker, "named", lambda kind, project: list(states))
    monkeypatch.setattr(docker, "inspect", lambda *names: containers)
    assert services.unhealthy(MINE) == ["c", "d", "e"]
