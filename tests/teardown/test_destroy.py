"""`make destroy` removes the platform of the earlier tests completely."""

from __future__ import annotations

import pytest

from cli.host import docker
from cli.host.paths import ROOT
from cli.installations.local import Installation
from tests.harness.load import rows_written
from tests.harness.platform import Platform
from tests.harness.settings import KEEP


@pytest.mark.skipif(KEEP, reason="KEEP is set: the platform keeps running")
def test_destroy_leaves_nothing(installation: Installation) -> None:
    """Runs on any remains, also after a failed `make up`; if there is a platform, rows flow."""
    volumes = docker.named("volume", installation.project)
    platform = Platform(installation)
    with rows_written(platform, 200):
        done = platform.command("destroy")
    assert done.returncode == 0, done.stderr
    assert not [
        name
        for kind in ("container", "volume", "network")
        for name in docker.named(kind, installation.project)
    ]
    for kind in (("ps", "-a", "--format", "{{.Names}}"), ("volume", "ls", "-q"), ("network", "ls")):
        assert installation.project not in docker.ask(*kind)
    assert not (ROOT / ".riada" / installation.project).exists()
    assert all(volume in done.stdout for volume in volumes), "the removed volumes are printed"
    again = Platform(installation).command("destroy")
    assert again.returncode == 0
    assert "there was nothing" in again.stdout
