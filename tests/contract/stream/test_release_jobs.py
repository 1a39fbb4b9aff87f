"""The files of a job stay while a release with it does, for the driver that runs from them."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from contract.stream.releases import KEEP, ReleaseFolder


@pytest.fixture
def store(tmp_path: Path) -> ReleaseFolder:
    return ReleaseFolder(tmp_path)


def put_job(store: ReleaseFolder, name: str, job: str, code: bytes = b"# job") -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        files = {"job": job.encode(), "spark/main.py": code, "contract/a.py": b"", "dags/d.py": b""}
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    store.put(name, buffer.getvalue())
    store.activate(name)
    store.stream(name)


def test_a_job_outlives_the_releases_that_share_it(store: ReleaseFolder) -> None:
    """Its driver runs from the same files while releases with its job follow each other."""
    for number in range(KEEP + 2):
        put_job(store, f"r{number}", "j1")
        store.prune()
    assert not store.path("r0").exists()
    files = {path.relative_to(store.folder / "jobs").as_posix() for path in
             (store.folder / "jobs").rglob("*") if path.is_file()}  # fmt: skip
    assert files == {"j1/spark/main.py", "j1/contract/a.py"}


def test_a_job_goes_with_its_last_release(store: ReleaseFolder) -> None:
    put_job(store, "r0", "j0")
    for number in range(1, KEEP + 1):
        put_job(store, f"r{number}", "j1")
    assert store.prune() == ["r0"]
    assert [path.name for path in (store.folder / "jobs").iterdir()] == ["j1"]


def test_a_job_that_was_copied_in_part_is_copied_again(store: ReleaseFolder) -> None:
    (store.folder / "jobs/.j1/spark").mkdir(parents=True)
    (store.folder / "jobs/.j1/spark/other.py").touch()
    put_job(store, "r1", "j1")
    store.prune()
    assert [path.name for path in (store.folder / "jobs/j1/spark").iterdir()] == ["main.py"]
