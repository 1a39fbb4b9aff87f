"""The container postgres backs itself up, goes back in time, and proves its backups."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.host import docker
from contract.stores.postgres.backups import Backups
from tests.docker.conftest import Container, Start
from tests.docker.postgres import Postgres, with_users
from tests.harness.settings import long
from tests.harness.wait import eventually

DATA = "/var/lib/postgresql/data"
REPOSITORY = "/var/lib/pgbackrest"
INSERT = "INSERT INTO public.users (id, city, age) VALUES (gen_random_uuid(), '{}', 1)"
CITIES = "SELECT coalesce(string_agg(city, ' ' ORDER BY city), '') FROM public.users"
NOW = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS+00:00')"
TIMELINE = "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)"


@pytest.fixture(scope="module")
def postgres(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    """A server with its first backup."""
    server = with_users(start, tmp_path_factory.mktemp("artifacts"))
    eventually(lambda: report(server).newest_at, "the first backup", 120)
    return server


def report(server: Postgres) -> Backups:
    return Backups.from_json(server.json("SELECT report FROM riada.backups"))


def insert(server: Postgres, city: str) -> str:
    """Inserts a row; returns a moment after its commit and before any later one."""
    server.value(INSERT.format(city), "ingest")
    moment = server.value(NOW)
    time.sleep(0.2)
    return moment


def backup(container: Container, *arguments: str) -> str:
    done = container.run("backup", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def restore(server: Postgres, *arguments: str) -> dict[str, object]:
    """Goes back in time, as make restore does. Returns the request."""
    made: dict[str, object] = json.loads(backup(server.container, "request", *arguments))
    docker.ask("restart", "-t", "60", server.container.name)
    server.container.await_healthy("healthcheck")
    [ended] = json.loads(backup(server.container, "restored", str(made["id"])))
    assert ended["problem"] == ""
    return made


@contextmanager
def stopped(server: Postgres, script: str) -> Iterator[None]:
    """Runs a script with the volumes of the stopped container, and starts it again."""
    name = server.container.name
    docker.ask("stop", "-t", "60", name)
    image = docker.inspect(name)[0]["Config"]["Image"]
    shell = ("--entrypoint", "bash", image, "-euc", script)
    docker.ask("run", "--rm", "--network", "none", "--volumes-from", name, *shell)
    docker.ask("start", name)
    server.container.await_healthy("healthcheck")
    yield


def test_it_goes_back_in_time_and_returns(postgres: Postgres) -> None:
    before = insert(postgres, "kept")
    undo = insert(postgres, "lost")
    made = restore(postgres, "--time", before)
    assert postgres.value(CITIES) == "kept"
    assert postgres.value(TIMELINE) == "00000002"
    insert(postgres, "later")
    refused = postgres.container.run("backup", "request", "--time", undo)
    assert refused.returncode == 1
    assert f"TIMELINE={made['left']}" in refused.stderr
    restore(postgres, "--time", undo, "--timeline", "1")
    assert postgres.value(CITIES) == "kept lost"
    assert postgres.value(TIMELINE) == "00000003"


@long
def test_backups_continue_after_a_restore(postgres: Postgres) -> None:
    """A backup of the history that was taken back is newer, and does not belong to this one."""
    before = insert(postgres, "first")
    insert(postgres, "second")
    backup(postgres.container, "run")
    restore(postgres, "--time", before)
    insert(postgres, "third")
    assert "restored up to 20" in backup(postgres.container, "test")
    restore(postgres)
    assert postgres.value(CITIES) == "first kept lost third"
    backup(postgres.container, "run")
    newest = report(postgres).newest_at
    eventually(lambda: report(postgres).newest_at > newest, "a report of the backup", 90)
    assert report(postgres).problem == ""
    assert report(postgres).tested_at


def test_a_time_outside_of_the_archive_is_refused_with_the_range(postgres: Postgres) -> None:
    for moment, cause in (
        ("2020-01-01", report(postgres).oldest_at[:19]),
        ("2120-01-01", "in the future"),
        ("yesterday", "is not a time"),
    ):
        done = postgres.container.run("backup", "request", "--time", moment)
        assert done.returncode == 1
        assert cause in done.stderr
        assert "remedy: " in done.stderr
    assert postgres.container.run("test", "-e", "/var/lib/postgresql/restore.json").returncode


def test_an_interrupted_restore_begins_again(postgres: Postgres) -> None:
    before = insert(postgres, "interrupted")
    insert(postgres, "after it")
    made = json.loads(backup(postgres.container, "request", "--time", before))
    name = postgres.container.name
    docker.ask("stop", "-t", "60", name)
    docker.ask("start", name)
    eventually(
        lambda: f"restores {made['label']}" in postgres.container.logs(), "it began", 60, 0.05
    )
    docker.ask("kill", name)
    docker.ask("start", name)
    postgres.container.await_healthy("healthcheck")
    cities = postgres.value(CITIES)
    assert "interrupted" in cities
    assert "after it" not in cities


def test_a_time_after_the_last_commit_is_its_state(postgres: Postgres) -> None:
    """PostgreSQL ends, because it cannot reach the target: the next recovery goes to the end."""
    insert(postgres, "last")
    cities = postgres.value(CITIES)
    request = "sleep 4; backup configure; backup request --time 2s --discard"
    with stopped(postgres, request):
        assert postgres.value(CITIES) == cities
        assert "its end is that state" in postgres.container.logs()
    files = postgres.container.run("ls", "/var/lib/postgresql")
    assert "restore.json" not in files.stdout


def test_an_empty_volume_gets_the_newest_backup_and_all_wal(postgres: Postgres) -> None:
    insert(postgres, "archived")
    cities = postgres.value(CITIES)
    with stopped(postgres, f"rm -rf {DATA} /var/lib/postgresql/*.json"):
        assert postgres.value(CITIES) == cities


def test_an_older_copy_of_the_volume_begins_a_timeline_of_its_own(postgres: Postgres) -> None:
    """Otherwise the archive refuses its WAL: it has other files of these names."""
    insert(postgres, "copied")
    with stopped(postgres, f"cp -a {DATA} {DATA}.copy"):
        before = postgres.value(TIMELINE)
        insert(postgres, "after the copy")
        backup(postgres.container, "run")
    with stopped(postgres, f"rm -rf {DATA} && mv {DATA}.copy {DATA}"):
        assert postgres.value(TIMELINE) > before
        cities = postgres.value(CITIES)
        assert "copied" in cities
        assert "after the copy" not in cities
        backup(postgres.container, "run")


@long
def test_an_older_copy_is_named_when_the_archive_answers_later(postgres: Postgres) -> None:
    with stopped(postgres, f"cp -a {DATA} {DATA}.copy"):
        before = postgres.value(TIMELINE)
        for _ in range(6):
            postgres.value("SELECT pg_logical_emit_message(true, '', ''); SELECT pg_switch_wal()")
        backup(postgres.container, "run")
    older = f"rm -rf {DATA} && mv {DATA}.copy {DATA} && chmod 000 {REPOSITORY}/archive"
    with stopped(postgres, older):
        assert postgres.value(TIMELINE) == before
        postgres.container.run("chmod", "750", f"{REPOSITORY}/archive")
        eventually(lambda: "an older copy" in report(postgres).problem, "it is named", 150)
    docker.ask("restart", "-t", "60", postgres.container.name)
    postgres.container.await_healthy("healthcheck")
    assert postgres.value(TIMELINE) > before
    backup(postgres.container, "run")


def test_wal_that_cannot_be_archived_is_counted_and_no_restore_begins(postgres: Postgres) -> None:
    postgres.container.run("chmod", "000", f"{REPOSITORY}/archive")
    try:
        insert(postgres, "waits")
        postgres.value("SELECT pg_switch_wal()")
        failing = "SELECT failed_count > 0 FROM pg_stat_archiver"
        eventually(lambda: postgres.value(failing, "observer") == "t", "archiving fails", 30)
        done = postgres.container.run("backup", "request", "--time", "1s")
        assert done.returncode == 1
        assert postgres.container.running()
    finally:
        postgres.container.run("chmod", "750", f"{REPOSITORY}/archive")
    working = "SELECT last_archived_time > last_failed_time FROM pg_stat_archiver"
    eventually(lambda: postgres.value(working) == "t", "archiving works", 90)


@long
def test_wal_beyond_the_limit_is_dropped_and_named_until_the_next_backup(
    start: Start, tmp_path: Path
) -> None:
    """A full disk would stop every writer."""
    tmp_path.chmod(0o755)
    limits = ("--env", "ARCHIVE_QUEUE_MIB=32", "--volume", f"{tmp_path}:/artifacts:ro")
    server = Postgres(start("postgres", "full", *limits), tmp_path)
    server.container.await_healthy("healthcheck")
    eventually(lambda: report(server).newest_at, "the first backup", 120)
    server.container.run("chmod", "000", f"{REPOSITORY}/archive")
    waiting = "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"

    def dropped() -> bool:
        server.value("SELECT pg_logical_emit_message(true, '', ''); SELECT pg_switch_wal()")
        return server.container.run("test", "-s", "/var/lib/postgresql/archive-gap").returncode == 0

    eventually(dropped, "WAL is dropped", 200, pause_s=5)
    server.container.run("chmod", "750", f"{REPOSITORY}/archive")
    refused = server.container.run("backup", "request")
    assert "could not be undone" in refused.stderr
    inside = server.value(NOW)
    eventually(lambda: server.value(waiting) == "0", "nothing waits", 90)
    eventually(lambda: report(server).gap_since, "the gap is reported", 90)
    # The schedule takes it, too, but not at once.
    server.container.run("backup", "run")
    eventually(lambda: not report(server).gap_since, "the gap is closed", 90)
    refused = server.container.run("backup", "request", "--time", inside)
    assert "WAL was dropped from" in refused.stderr
    backup(server.container, "request")
