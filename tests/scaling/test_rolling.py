"""A new release of every image reaches three of each while rows flow: no row is lost, and new rows
keep arriving. A change that was interrupted goes on."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.host import docker
from cli.installations.local import Installation
from cli.installations.removal import remove
from tests.harness.load import Arrivals, rows_followed
from tests.harness.platform import Platform
from tests.harness.settings import KEEP, long
from tests.harness.work_copy import WorkCopy

SIZES = {"BROKERS": "3", "ZOOKEEPERS": "3", "WORKERS": "2", "CASSANDRA_NODES": "3"}
RATE = 200

pytestmark = [
    long,
    pytest.mark.skipif(KEEP, reason="KEEP is set: the platform that runs has one of each"),
    pytest.mark.timeout(3600),
]


@pytest.fixture(scope="module")
def checkout(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WorkCopy]:
    """A checkout from which a new platform with three of each was started, with 500 rows."""
    platform = Platform(Installation(installation.project, {**installation.settings, **SIZES}))
    checkout = WorkCopy(platform, tmp_path_factory.mktemp("checkout") / "riada")
    up = checkout.command("up", **SIZES)
    assert up.returncode == 0, (up.stdout + up.stderr)[-5000:]
    platform.await_run(platform.ingest(500))
    yield checkout
    remove(installation)


def _release(checkout: WorkCopy, name: str) -> dict[str, str]:
    """Make a release whose images all have a new tag, and return it: image → tag. Their content is
    the old one, so nothing is built."""
    before = _tags(checkout.folder)
    with (checkout.folder / "docker/base/Dockerfile").open("a") as file:
        file.write(f"# {name}\n")
    after = _tags(checkout.folder)
    for image, tag in before.items():
        assert after[image] != tag
        docker.ask("tag", tag, after[image])
    return after


def _tags(checkout: Path) -> dict[str, str]:
    shown = subprocess.run(
        ["docker/build.sh", "--tags"], cwd=checkout, check=True, text=True, capture_output=True
    )
    tags: dict[str, str] = json.loads(shown.stdout)
    return tags


def _running(platform: Platform) -> set[str]:
    """Tags of the images that the installation runs."""
    containers = docker.inspect(*docker.named("container", platform.installation.project))
    return {container["Config"]["Image"] for container in containers}


def _assert_delivered(platform: Platform, arrivals: Arrivals, name: str) -> None:
    print(
        f"\n{name}: {arrivals.written:,} rows written, {arrivals.arrived:,} followed, "
        f"longest gap {arrivals.longest_gap_s:.1f} s until {arrivals.longest_gap_ended:%H:%M:%S}"
    )
    assert arrivals.arrived > 0
    platform.assert_status_ok()
    platform.assert_equal_everywhere()


def test_every_image(checkout: WorkCopy) -> None:
    platform = checkout.platform
    release = _release(checkout, "release 2")
    with rows_followed(platform, RATE) as arrivals:
        up = checkout.command("up", **SIZES)
    assert up.returncode == 0, (up.stdout + up.stderr)[-5000:]
    print(up.stdout)
    assert _running(platform) <= set(release.values())
    _assert_delivered(platform, arrivals, "every image")


def test_an_interrupted_change_goes_on(checkout: WorkCopy) -> None:
    platform = checkout.platform
    release = _release(checkout, "release 3")
    with rows_followed(platform, RATE) as arrivals:
        for step in (2, 5, 9):
            checkout.interrupt("up", f"rolling change, {step} of", **SIZES)
        assert len(_running(platform) & set(release.values())) > 0
        up = checkout.command("up", **SIZES)
    assert up.returncode == 0, (up.stdout + up.stderr)[-5000:]
    assert _running(platform) <= set(release.values())
    _assert_delivered(platform, arrivals, "interrupted three times")
