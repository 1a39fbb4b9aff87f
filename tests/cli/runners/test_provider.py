"""Containers and networks that an interrupted apply did not record do not block the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host import docker
from cli.installations.local import Installation
from cli.runners.provider import ProviderRunner

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


def test_only_unrecorded_networks_are_removed(networks: dict[str, str], tmp_path: Path) -> None:
    provider = ProviderRunner(Installation.current({"PROJECT": PROJECT}))
    provider.state = tmp_path / "state"
    recorded, left = networks
    resources = [
        {"type": "docker_network", "name": recorded, "id": networks[recorded]},
        {"type": "docker_volume", "name": left, "id": left},
    ]
    provider.state.write_text(json.dumps(resources))
    provider.remove_unrecorded()
    assert docker.named("network", PROJECT) == [recorded]
    provider.state.unlink()
    provider.remove_unrecorded()
    assert docker.named("network", PROJECT) == []
