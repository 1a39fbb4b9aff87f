"""The artifacts store in a bucket: its objects after each change."""

from __future__ import annotations

import io
import tarfile

import pytest

from cli.deploy.bucket import ArtifactsBucket
from cli.deploy.release import Release
from cli.host import aws_cli
from contract.stream.releases import KEEP, ReleaseState
from tests.cli.bucket import MemoryBucket


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> MemoryBucket:
    memory = MemoryBucket()
    monkeypatch.setattr(aws_cli, "aws", memory.aws)
    return memory


def release(number: int) -> Release:
    return Release({"dags/a.py": f'RELEASE = "unreleased"\n# {number}'.encode()})


def deploy(artifacts: ArtifactsBucket, *releases: Release) -> None:
    for item in releases:
        artifacts.put(item)
        artifacts.activate(item.name)
        artifacts.stream(item.name)


def test_an_empty_bucket_has_no_release(bucket: MemoryBucket) -> None:
    assert ArtifactsBucket("the-bucket").state() == ReleaseState()
    assert ArtifactsBucket("the-bucket").prune() == []


def test_a_release_is_an_archive_and_the_state_names_it(bucket: MemoryBucket) -> None:
    artifacts, new = ArtifactsBucket("the-bucket"), release(1)
    artifacts.put(new)
    assert bucket.objects.keys() == {f"releases/{new.name}.tar"}, "nothing reads it yet"
    with tarfile.open(fileobj=io.BytesIO(bucket.objects[f"releases/{new.name}.tar"])) as tar:
        assert tar.getnames() == ["dags/a.py", "job"]
    artifacts.activate(new.name)
    artifacts.stream(new.name)
    state = artifacts.state()
    assert (state.current, state.streaming, state.releases) == (new.name, new.name, (new.name,))


def test_the_same_activation_has_another_stamp(bucket: MemoryBucket) -> None:
    """Machines apply a state that differs: they then touch the DAGs again."""
    artifacts = ArtifactsBucket("the-bucket")
    deploy(artifacts, release(1))
    before = artifacts.state()
    artifacts.activate(release(1).name)
    assert artifacts.state().stamp != before.stamp
    assert artifacts.state().current == before.current


def test_prune_changes_the_state_before_it_removes(bucket: MemoryBucket) -> None:
    artifacts = ArtifactsBucket("the-bucket")
    releases = [release(number) for number in range(KEEP + 2)]
    deploy(artifacts, *releases)
    bucket.changes.clear()
    old = [item.name for item in releases[1::-1]]
    assert artifacts.prune() == old
    assert bucket.changes == ["put releases/state", *(f"rm releases/{name}.tar" for name in old)]
    assert len(artifacts.state().releases) == KEEP
    assert artifacts.prune() == []
