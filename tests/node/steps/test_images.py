"""Missing images go from the bucket into `docker load`, here a script."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from node.errors import NotReadyError
from node.report import Reporter
from node.steps.images import load_images
from tests.node.conftest import Command
from tests.node.in_memory import MemoryBucket, MemoryMonitoring

TAG, KEY = "riada/kafka:1f0c", "images/riada-kafka-1f0c.tar.gz"
DOCKER = """
case "$1" in
    image) [[ -e {loaded} ]] ;;
    load) {load} ;;
esac
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    return tmp_path / "loaded"


def load(bucket: MemoryBucket, reporter: Reporter) -> None:
    load_images([TAG], bucket, "artifacts", reporter)


def test_loads_a_missing_image_once(
    bucket: MemoryBucket,
    reporter: Reporter,
    monitoring: MemoryMonitoring,
    command: Command,
    loaded: Path,
) -> None:
    command("docker", DOCKER.format(loaded=loaded, load=f"cat >{loaded}"))
    content = b"layers" * 1_000_000
    bucket.objects[KEY] = gzip.compress(content)
    load(bucket, reporter)
    load(bucket, reporter)
    assert loaded.read_bytes() == content
    assert monitoring.messages == [f"loading {TAG}"]


@pytest.mark.parametrize(
    ("archive", "script", "cause"),
    [
        (None, "true", f"no {KEY} in artifacts yet: "),
        (gzip.compress(b"x"), "echo 'no space' >&2; exit 1", f"{KEY} cannot be loaded: no space"),
        (b"no gzip", "cat >/dev/null", f"{KEY} cannot be loaded: its archive cannot be read"),
        (
            gzip.compress(bytes(range(256)) * 99)[:-9],
            "cat >/dev/null",
            f"{KEY} cannot be loaded: its archive cannot be read",
        ),
    ],
    ids=["missing", "refused by the engine", "not gzip", "truncated"],
)
def test_image_that_cannot_be_loaded(
    bucket: MemoryBucket,
    reporter: Reporter,
    command: Command,
    loaded: Path,
    archive: bytes | None,
    script: str,
    cause: str,
) -> None:
    command("docker", DOCKER.format(loaded=loaded, load=script))
    if archive is not None:
        bucket.objects[KEY] = archive
    with pytest.raises(NotReadyError) as raised:
        load(bucket, reporter)
    assert str(raised.value).startswith(cause)


def test_engine_that_ends_while_it_is_given_an_image(
    bucket: MemoryBucket, reporter: Reporter, command: Command, loaded: Path
) -> None:
    command("docker", DOCKER.format(loaded=loaded, load="echo full >&2; exit 1"))
    bucket.objects[KEY] = gzip.compress(bytes(10_000_000))
    with pytest.raises(NotReadyError, match=f"{KEY} cannot be loaded: full"):
        load(bucket, reporter)


def test_bucket_that_does_not_answer(
    bucket: MemoryBucket, reporter: Reporter, command: Command, loaded: Path
) -> None:
    command("docker", DOCKER.format(loaded=loaded, load="true"))
    bucket.unreachable = True
    with pytest.raises(NotReadyError, match=r"cannot be loaded: GET .* timed out"):
        load(bucket, reporter)
