"""The releases that the artifacts store keeps, and the contents of its folder after each change."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from contract.stream import releases
from contract.stream.releases import KEEP, ReleaseFolder, ReleaseState


def archive(*paths: str, content: bytes = b"# a DAG") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in paths or ("dags/a.py", "spark/main.py"):
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> ReleaseFolder:
    return ReleaseFolder(tmp_path)


def deploy(store: ReleaseFolder, *names: str) -> None:
    """Put and activate; a second lies between activations, as the clock of a file system may."""
    for age, name in enumerate(reversed(names), 1):
        store.put(name, archive())
        os.utime(store.path(name), (1_700_000_000 - age, 1_700_000_000 - age))
    store.activate(names[-1])
    store.stream(names[-1])


# --- decisions ------------------------------------------------------------------------------------


def test_the_text_of_a_state_is_read_back() -> None:
    state = ReleaseState("r3", "r2", ("r3", "r2", "r1"), "7")
    assert ReleaseState.parse(state.text()) == state
    assert state.text() == "current r3\nstreaming r2\nreleases r3 r2 r1\nstamp 7\n"


def test_an_empty_state_is_read_back() -> None:
    assert ReleaseState.parse(ReleaseState().text()) == ReleaseState()
    assert ReleaseState.parse("") == ReleaseState()


def test_a_state_of_an_older_program_is_read() -> None:
    """Such a state has lines in any order, and lacks some."""
    text = "releases r2 r1\nstamp 5\ncurrent r2\n"
    assert ReleaseState.parse(text) == ReleaseState("r2", "", ("r2", "r1"), "5")


def test_an_activated_release_is_current_and_the_newest() -> None:
    state = ReleaseState("r2", "r2", ("r2", "r1"))
    assert state.activated("r3") == ReleaseState("r3", "r2", ("r3", "r2", "r1"))
    assert state.activated("r1") == ReleaseState("r1", "r2", ("r1", "r2"))


def test_without_a_current_release_all_of_them_stay() -> None:
    assert ReleaseState("r1", "", ("r1",)).activated("") == ReleaseState("", "", ("r1",))


@pytest.mark.parametrize(
    ("current", "streaming", "kept", "removed"),
    [
        ("r5", "r5", ("r5", "r4", "r3"), ["r2", "r1"]),
        ("r5", "r1", ("r5", "r4", "r3", "r1"), ["r2"]),
        ("r2", "r1", ("r5", "r4", "r3", "r2", "r1"), []),
        ("", "", ("r5", "r4", "r3"), ["r2", "r1"]),
    ],
)
def test_the_newest_and_those_in_use_stay(
    current: str, streaming: str, kept: tuple[str, ...], removed: list[str]
) -> None:
    state = ReleaseState(current, streaming, ("r5", "r4", "r3", "r2", "r1"))
    after, dropped = state.pruned()
    assert (after.releases, dropped) == (kept, removed)
    assert (after.current, after.streaming) == (current, streaming)


# --- the folder -----------------------------------------------------------------------------------


def test_an_empty_folder_has_no_release(store: ReleaseFolder) -> None:
    assert store.state() == ReleaseState()
    assert store.prune() == []


def test_a_release_is_unpacked_and_nothing_reads_it_yet(store: ReleaseFolder) -> None:
    store.put("r1", archive("dags/a.py", "contract/table/columns.py"))
    assert (store.path("r1") / "dags/a.py").read_bytes() == b"# a DAG"
    assert (store.path("r1") / "contract/table/columns.py").exists()
    assert store.state() == ReleaseState("", "", ("r1",))


def test_a_release_that_is_put_again_is_replaced(store: ReleaseFolder) -> None:
    store.put("r1", archive("dags/old.py"))
    store.put("r1", archive("dags/new.py"))
    assert [path.name for path in (store.path("r1") / "dags").iterdir()] == ["new.py"]
    assert [path.name for path in store.path("").iterdir()] == ["r1"]


def test_an_interrupted_put_leaves_nothing_that_counts(store: ReleaseFolder) -> None:
    store.put("r1", archive())
    with pytest.raises(tarfile.ReadError):
        store.put("r2", archive()[:700])
    assert store.state().releases == ("r1",)
    store.put("r2", archive())
    assert (store.path("r2") / "dags/a.py").exists()
    with pytest.raises(tarfile.ReadError):
        store.put("r3", b"not an archive")
    store.prune()
    assert sorted(path.name for path in store.path("").iterdir()) == ["r1", "r2"]


def test_an_archive_cannot_write_outside_its_release(store: ReleaseFolder) -> None:
    with pytest.raises(tarfile.TarError, match="outside the destination"):
        store.put("r1", archive("../../evil.py"))
    assert not (store.folder / "evil.py").exists()
    assert store.state() == ReleaseState()


def test_current_is_a_relative_link_so_that_every_mount_can_read_it(store: ReleaseFolder) -> None:
    deploy(store, "r1")
    assert (store.folder / "current").readlink() == Path("releases/r1")
    assert (store.folder / "current/dags/a.py").exists()
    assert (store.folder / "streaming-release").read_text() == "r1"


def test_activation_touches_the_dags(store: ReleaseFolder) -> None:
    """Airflow parses a file at once only when it is newer than its last parse."""
    store.put("r1", archive("dags/part/a.py", "dags/words.txt"))
    files = [store.path("r1") / "dags" / name for name in ("part/a.py", "words.txt")]
    for path in files:
        os.utime(path, (1, 1))
    store.activate("r1")
    assert [path.stat().st_mtime > 1 for path in files] == [True, False]


def test_activation_survives_one_that_was_interrupted(store: ReleaseFolder) -> None:
    store.put("r1", archive())
    (store.folder / ".current").symlink_to("releases/r0")
    store.activate("r1")
    assert store.state().current == "r1"


def test_a_missing_release_cannot_be_activated(store: ReleaseFolder) -> None:
    deploy(store, "r1")
    with pytest.raises(FileNotFoundError, match="r9"):
        store.activate("r9")
    assert store.state().current == "r1"


def test_no_release_is_current_after_the_roll_back_of_the_first(store: ReleaseFolder) -> None:
    deploy(store, "r1")
    store.activate("")
    assert store.state().current == ""
    store.activate("")


def test_prune_keeps_the_newest_by_activation(store: ReleaseFolder) -> None:
    deploy(store, "r1", "r2", "r3", "r4", "r5")
    store.activate("r1")
    store.stream("r1")
    assert store.state().releases == ("r1", "r5", "r4", "r3", "r2")
    assert store.prune() == ["r3", "r2"]
    assert store.state().releases == ("r1", "r5", "r4")
    assert len(store.state().releases) == KEEP


# --- a machine that follows the bucket ------------------------------------------------------------


def test_a_machine_comes_to_the_state(store: ReleaseFolder) -> None:
    deploy(store, "r1", "r2")
    fetched: list[str] = []

    def fetch(name: str) -> bytes:
        fetched.append(name)
        return archive()

    text = ReleaseState("r3", "r2", ("r3", "r2"), "1").text()
    assert store.follow(text, fetch)
    assert fetched == ["r3"]
    assert store.state() == ReleaseState("r3", "r2", ("r3", "r2"))
    assert not store.path("r1").exists()
    assert not store.follow(text, fetch), "the same state again changes nothing"


def test_a_new_stamp_activates_the_same_release_again(store: ReleaseFolder) -> None:
    state = ReleaseState("r1", "r1", ("r1",), "1")
    store.follow(state.text(), lambda name: archive())
    dag = store.path("r1") / "dags/a.py"
    os.utime(dag, (1, 1))
    assert store.follow(state.text().replace("stamp 1", "stamp 2"), lambda name: archive())
    assert dag.stat().st_mtime > 1


def test_a_failed_download_changes_nothing_and_is_tried_again(store: ReleaseFolder) -> None:
    deploy(store, "r1")

    def fail(name: str) -> bytes:
        raise OSError(f"no {name}")

    text = ReleaseState("r2", "r2", ("r2",), "1").text()
    with pytest.raises(OSError, match="no r2"):
        store.follow(text, fail)
    assert store.state() == ReleaseState("r1", "r1", ("r1",))
    assert store.follow(text, lambda name: archive())
    assert store.state().current == "r2"


# --- as it is run inside a container --------------------------------------------------------------


def run(store: ReleaseFolder, *arguments: str, content: bytes = b"") -> str:
    """The file alone, without this repository on the path."""
    source = Path(releases.__file__).read_text()
    command = [sys.executable, "-I", "-c", source, str(store.folder), *arguments]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def test_its_commands(store: ReleaseFolder) -> None:
    for name in ("r1", "r2", "r3", "r4"):
        run(store, "put", name, content=archive())
        run(store, "activate", name)
        run(store, "stream", name)
    state = ReleaseState.parse(run(store, "state"))
    assert state == ReleaseState("r4", "r4", ("r4", "r3", "r2", "r1"))
    assert run(store, "prune").split() == ["r1"]
    assert run(store, "prune").split() == []
    run(store, "activate")
    assert ReleaseState.parse(run(store, "state")).current == ""
    with pytest.raises(subprocess.CalledProcessError):
        run(store, "no-such-command")


def test_commands_in_this_process(
    store: ReleaseFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(store.folder)
    for name in ("r1", "r2", "r3", "r4", "r5"):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(archive())))
        releases.main([folder, "put", name])
        releases.main([folder, "activate", name])
        os.utime(store.path(name), (1_700_000_000 + int(name[1]),) * 2)
    releases.main([folder, "stream", "r5"])
    assert capsys.readouterr().out == ""
    releases.main([folder, "state"])
    assert capsys.readouterr().out == store.state().text()
    assert (store.state().current, store.state().streaming) == ("r5", "r5")
    releases.main([folder, "prune"])
    assert capsys.readouterr().out == "r2\nr1\n"
    releases.main([folder, "activate"])
    assert store.state().current == ""
    with pytest.raises(SystemExit, match=r"^unknown command: fly$"):
        releases.main([folder, "fly"])


def test_streaming_another_release_changes_nothing_else() -> None:
    state = ReleaseState("r2", "r1", ("r2", "r1"), "7")
    assert state.streamed("r2") == ReleaseState("r2", "r2", ("r2", "r1"), "7")
