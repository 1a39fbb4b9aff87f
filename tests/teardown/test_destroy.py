"""`make destroy` leaves nothing of the platform that the tests before this one brought up."""

from __future__ import annotations

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from cli.installations.local import Installation
from tests.harness.platform import Platform
from tests.harness.settings import KEEP


@pytest.mark.skipif(KEEP, reason="KEEP is set: the platform is left running")
def test_nothing_is_left(here: Installation) -> None:
    """Runs on whatever is there: after a failed `make up` too."""
    volumes = docker.named("volume", here.project)
    done = Platform(here).command("destroy")
    assert done.returncode == 0, done.stderr
    assert not [
        name
        for kind in ("container", "volume", "network")
        for name in docker.named(kind, here.project)
    ]
    for kind in (("ps", "-a", "--format", "{{.Names}}"), ("volume", "ls", "-q"), ("network", "ls")):
        assert here.project not in docker.ask(*kind)
    assert not (ROOT / ".riada" / here.project).exists()
    assert all(volume in done.stdout for volume in volumes), "what was removed is printed"
    again = Platform(here).command("destroy")
    assert again.returncode == 0
    assert "there was nothing" in again.stdout
