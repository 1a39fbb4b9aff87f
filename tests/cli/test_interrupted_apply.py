"""What an interrupted apply of the docker provider did not record does not hinder the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host import docker
from cli.installations.local import Installation
from cli.runners.runner import Provider

PROJECT = "riada-unit"


@pytest.fixture
def networks() -> Iterator[dict[str, str]]:
    """Name → id of the recorded one and of the other."""
    names = f"{PROJECT}-recorded", f"{PROJECT}-left"
    label = ("--label", f"riada.project={PROJECT}")
    made = {name: docker.ask("network", "create", *label, name).strip() for name in names}
    yield made
    for name in docker.named("network", PROJECT):
        docker.remove("network", name)


def test_only_what_is_not_recorded_goes(networks: dict[str, str], tmp_path: Path) -> None:
    provider = Provider(Installation.current({"PROJECT": PROJECT}))
    provider.state = tmp_path / "state"
    recorded, left = networks
    resources = [
        {"type": "docker_network", "name": recorded, "id": networks[recorded]},
        {"type": "docker_volume", "name": left, "id": left},
    ]
    provider.state.write_text(json.dumps(resources))
    provider.remove_unknown()
    assert docker.named("network", PROJECT) == [recorded]
    provider.state.unlink()
    provider.remove_unknown()
    assert docker.named("network", PROJECT) == []
