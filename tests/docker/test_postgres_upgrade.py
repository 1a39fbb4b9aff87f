"""A volume of PostgreSQL 15 is upgraded when the container starts, whatever interrupts it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.host import docker
from contract.stores.postgres.backups import Backups
from tests.docker.conftest import PROJECT, Container, Start
from tests.docker.postgres import Postgres, with_users
from tests.harness.settings import long
from tests.harness.wait import eventually

VOLUME = "/var/lib/postgresql"
DATA = f"{VOLUME}/data"
REPOSITORY = "/var/lib/pgbackrest"
# The image serves with the earlier programs, as the release before it did.
EARLIER = (
    *("--env", "PG_MAJOR=15"),
    *("--env", "PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin"),
)
INSERT = "INSERT INTO public.users (id, city, age) VALUES (gen_random_uuid(), '{}', 1)"
MANY = """
INSERT INTO public.users (id, city, age, note)
SELECT gen_random_uuid(), 'city ' || i, i % 90, repeat('note', 500) FROM generate_series(1, 5000) i
"""
# Everything that a user has stored: rows, also of a table of the application's own.
STORED = """
SELECT (SELECT count(*) || md5(string_agg(users::text, '' ORDER BY id)) FROM public.users)
    || (SELECT string_agg(word, ' ' ORDER BY word) FROM public.words)
"""
VERSION = "SELECT current_setting('server_version_num')::int / 10000"
NOW = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS+00:00')"
INDEX = "SELECT pg_relation_filenode('words_pkey')"
ROLES = ("ingest", "application", "debezium", "observer")
CHECK_INDEX = """
SET riada.ddl = 'on'; CREATE EXTENSION amcheck; SELECT bt_index_check('words_pkey', true);
DROP EXTENSION amcheck
"""
# What is true, in this order, while the container upgrades.
MOMENTS = {
    "the earlier server recovers": f"[[ -e {DATA}/postmaster.pid ]]",
    "the new cluster is made": f"[[ -e {DATA}.upgraded/PG_VERSION ]]",
    "pg_upgrade has begun": f"[[ -d {DATA}.upgraded/pg_upgrade_output.d ]]",
    "rows are copied": "grep -qs 'Copying user relation files' /run/postgresql/pg_upgrade.log",
    "the new data are in place": f"[[ -d {DATA}.earlier ]]",
}


@dataclass
class Earlier:
    """The volumes of a stopped PostgreSQL 15. `stored`: what it had; `moment`: a time before its
    last row; `index`: the number of the file of an index that sorts by ICU."""

    artifacts: Path
    data: str
    repository: str
    stored: str
    moment: str
    index: str = ""

    @property
    def volumes(self) -> tuple[str, ...]:
        data, repository = f"{self.data}:{VOLUME}", f"{self.repository}:{REPOSITORY}"
        return ("--volume", data, "--volume", repository)

    @contextmanager
    def served(self, start: Start, *options: str) -> Iterator[Postgres]:
        """Starts the container with the volumes, without waiting; removes it in the end."""
        mounts = ("--volume", f"{self.artifacts}:/artifacts:ro", *self.volumes)
        container = start("postgres", "postgres", *mounts, *options)
        try:
            yield Postgres(container, self.artifacts)
        finally:
            docker.ask("stop", "-t", "60", container.name)
            docker.remove("container", container.name)


def volume(name: str, *options: str) -> str:
    label = ("--label", f"riada.project={PROJECT}")
    full = f"{PROJECT}-{name}"
    docker.ask("volume", "create", *label, *options, full)
    return full


@pytest.fixture(scope="module")
def earlier(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Earlier:
    """With rows, a backup, a slot, a setting, and an index that sorts by ICU."""
    made = Earlier(
        tmp_path_factory.mktemp("artifacts"), volume("data"), volume("repository"), "", ""
    )
    server = with_users(start, made.artifacts, *made.volumes, *EARLIER)
    assert server.value(VERSION) == "15"
    server.value(MANY, "ingest")
    server.value('CREATE TABLE words (word text COLLATE "de-x-icu" PRIMARY KEY)', "application")
    server.value("INSERT INTO words VALUES ('zwölf'), ('Äpfel'), ('äpfel')", "application")
    server.value("SELECT pg_create_logical_replication_slot('riada', 'pgoutput')", "debezium")
    server.value("ALTER SYSTEM SET work_mem = '5MB'")
    eventually(lambda: report(server).newest_at, "the first backup", 120)
    server.value(INSERT.format("before"), "ingest")
    made.moment = server.value(NOW)
    server.value(INSERT.format("after"), "ingest")
    made.stored, made.index = server.value(STORED), server.value(INDEX)
    docker.ask("stop", "-t", "60", server.container.name)
    docker.remove("container", server.container.name)
    return made


def report(server: Postgres) -> Backups:
    return Backups.from_json(server.json("SELECT report FROM riada.backups"))


def shell(volumes: tuple[str, ...], image: str, script: str) -> str:
    run = ("run", "--rm", "--network", "none", *volumes, "--entrypoint", "bash", image)
    return docker.ask(*run, "-euc", script)


def image_of(container: Container) -> str:
    image: str = docker.inspect(container.name)[0]["Config"]["Image"]
    return image


def copied(earlier: Earlier, start: Start, data: str, repository: str) -> Earlier:
    """The same in other volumes."""
    holder = start("base", "copy", command=("true",))
    mounts = ("--volume", f"{data}:/data", "--volume", f"{repository}:/repository", "--user", "0")
    script = f"cp -a {VOLUME}/. /data; cp -a {REPOSITORY}/. /repository"
    shell((*earlier.volumes, *mounts), image_of(holder), script)
    docker.remove("container", holder.name)
    return Earlier(earlier.artifacts, data, repository, earlier.stored, earlier.moment)


@pytest.fixture(scope="module")
def upgraded(earlier: Earlier, start: Start) -> Iterator[Postgres]:
    """Killed at each of the moments."""
    with earlier.served(start) as server:
        for moment, condition in MOMENTS.items():
            wait = f"until {condition}; do sleep 0.01; done; kill -9 -1"
            server.container.run("bash", "-c", wait)
            eventually(lambda: not server.container.running(), f"killed when {moment}", 30, 0.1)
            docker.ask("start", server.container.name)
        server.container.await_healthy("healthcheck")
        yield server


@pytest.fixture(scope="module")
def small(earlier: Earlier, start: Start) -> Earlier:
    """A copy on a disk that has no room for the new data."""
    memory = ("-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=1g,uid=10001,mode=0700")
    data = volume("small", "--driver", "local", *memory)
    mount = ("--volume", f"{data}:/volume", "--user", "0")
    holder = start("base", "holder", *mount, command=("sleep", "infinity"))
    made = copied(earlier, start, data, volume("small-repository"))
    fill = "fallocate -l $(($(df --output=avail -B1M /volume | tail -n 1) - 64))M /volume/filling"
    holder.run("bash", "-c", fill).check_returncode()
    return made


def test_a_disk_without_room_is_named_and_the_data_stay(small: Earlier, start: Start) -> None:
    with small.served(start) as server:
        eventually(lambda: not server.container.running(), "it ends", 120)
        logs = server.container.logs()
    assert "the upgrade from PostgreSQL 15 to 17 needs 0." in logs
    assert "remedy: a larger disk; the data of PostgreSQL 15 are unchanged" in logs
    with small.served(start, *EARLIER) as server:
        server.container.await_healthy("healthcheck")
        assert server.value(VERSION) == "15"
        assert server.value(STORED) == small.stored


def test_what_pg_upgrade_refuses_is_named(earlier: Earlier, start: Start) -> None:
    other = copied(earlier, start, volume("refused"), volume("refused-repository"))
    with other.served(start, *EARLIER) as server:
        server.container.await_healthy("healthcheck")
        server.value("ALTER DATABASE registry ALLOW_CONNECTIONS false")
    with other.served(start) as server:
        eventually(lambda: not server.container.running(), "it ends", 120)
        logs = server.container.logs()
    assert "the upgrade from PostgreSQL 15 to 17 fails" in logs
    assert "must allow connections" in logs
    with other.served(start, *EARLIER) as server:
        server.container.await_healthy("healthcheck")
        assert server.value(STORED) == other.stored


@long
def test_an_empty_volume_gets_a_backup_of_the_earlier_version(
    earlier: Earlier, start: Start
) -> None:
    lost = copied(earlier, start, volume("scratch"), volume("lost-repository"))
    lost.data = volume("lost")
    with lost.served(start) as server:
        server.container.await_healthy("healthcheck")
        assert server.value(VERSION) == "17"
        assert server.value(STORED) == lost.stored


def test_after_kills_every_row_is_there(earlier: Earlier, upgraded: Postgres) -> None:
    assert upgraded.value(VERSION) == "17"
    assert upgraded.value(STORED) == earlier.stored
    for setting, value in {"work_mem": "5MB", "data_checksums": "on"}.items():
        assert upgraded.value(f"SHOW {setting}") == value


def test_roles_log_in_and_write(upgraded: Postgres) -> None:
    for role in ROLES:
        assert upgraded.value("SELECT current_user", role) == role
    upgraded.value(INSERT.format("new"), "ingest")
    upgraded.value("INSERT INTO words VALUES ('neu')", "application")
    upgraded.refused("TRUNCATE public.users")
    upgraded.value("DELETE FROM words WHERE word = 'neu'", "application")
    upgraded.value("DELETE FROM public.users WHERE city = 'new'", "ingest")


def test_the_slot_is_gone_so_that_capture_begins_an_epoch(upgraded: Postgres) -> None:
    assert upgraded.value("SELECT count(*) FROM pg_replication_slots") == "0"


def test_indexes_that_sort_by_icu_are_made_again(earlier: Earlier, upgraded: Postgres) -> None:
    """Debian 13 has another ICU. pg_upgrade keeps the number of an index's file."""
    assert upgraded.value(INDEX) != earlier.index
    upgraded.value(CHECK_INDEX)


def test_statistics_are_collected_and_the_earlier_data_removed(upgraded: Postgres) -> None:
    gone = ("test", "!", "-e", f"{DATA}.earlier")
    eventually(lambda: upgraded.container.run(*gone).returncode == 0, "they are removed", 120)
    columns = "SELECT count(*) FROM pg_stats WHERE tablename = 'users'"
    assert int(upgraded.value(columns)) == 4


def test_a_kill_between_the_renames(earlier: Earlier, upgraded: Postgres) -> None:
    """The data folder is missing then, which is no empty volume."""
    name = upgraded.container.name
    docker.ask("stop", "-t", "60", name)
    script = f"mkdir {DATA}.earlier; mv {DATA} {DATA}.upgraded"
    shell(("--volumes-from", name), image_of(upgraded.container), script)
    docker.ask("start", name)
    upgraded.container.await_healthy("healthcheck")
    assert upgraded.value(STORED) == earlier.stored
    assert "the data volume is empty" not in upgraded.container.logs()


def test_the_next_start_upgrades_nothing(earlier: Earlier, upgraded: Postgres) -> None:
    begun = "the upgrade from PostgreSQL 15 to 17 begins"
    before = upgraded.container.logs().count(begun)
    docker.ask("restart", "-t", "60", upgraded.container.name)
    upgraded.container.await_healthy("healthcheck")
    assert upgraded.container.logs().count(begun) == before
    assert upgraded.value(STORED) == earlier.stored


def test_it_gets_a_full_backup_soon(earlier: Earlier, upgraded: Postgres) -> None:
    eventually(lambda: report(upgraded).newest_at > earlier.moment, "a backup of 17", 150)
    assert report(upgraded).newest_kind == "full"
    done = upgraded.container.run("backup", "test")
    assert done.returncode == 0, done.stderr


def test_a_restore_goes_back_to_before_the_upgrade(earlier: Earlier, upgraded: Postgres) -> None:
    done = upgraded.container.run("backup", "request", "--time", earlier.moment)
    assert done.returncode == 0, done.stderr
    docker.ask("restart", "-t", "60", upgraded.container.name)
    upgraded.container.await_healthy("healthcheck")
    [ended] = json.loads(
        upgraded.container.run("backup", "restored", json.loads(done.stdout)["id"]).stdout
    )
    assert ended["problem"] == ""
    assert upgraded.value(VERSION) == "17"
    cities = "SELECT string_agg(city, ' ') FROM public.users WHERE city IN ('before', 'after')"
    assert upgraded.value(cities) == "before"
