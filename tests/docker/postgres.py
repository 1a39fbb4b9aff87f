"""A container of PostgreSQL with an artifacts volume, into which tests deploy tables."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contract.stores.postgres.delivery import digest
from contract.stores.postgres.tls import verified
from contract.stores.tls import CA
from contract.stream.releases import JOB, RELEASES, STREAMING
from contract.table.file import read
from tests.docker.conftest import Container, Start
from tests.harness.wait import eventually

# Of a client in a container.
VERIFIED = verified(Path("/run/secrets", CA))

USERS = """\
key = ["id"]
[columns]
id = "uuid"
city = "varchar(255)"
age = "int4"
note = "text null"
"""


@dataclass
class Postgres:
    """`artifacts` is the folder that the container has as its artifacts volume."""

    container: Container
    artifacts: Path
    _releases: list[str] = field(default_factory=list)

    def deploy(self, **files: str) -> None:
        """Deploys these tables, name → file, and waits until they are applied or refused."""
        release = f"r{len(self._releases)}"
        self._releases.append(release)
        folder = self.artifacts / RELEASES / release / "tables"
        folder.mkdir(parents=True)
        (folder.parent / JOB).write_text("job")
        for name, text in files.items():
            (folder / f"{name}.toml").write_text(text)
        for path in (*folder.parents[:2], folder, *folder.iterdir(), folder.parent / JOB):
            path.chmod(0o755 if path.is_dir() else 0o644)
        started = self.value("SELECT now()")
        draft = self.artifacts / "draft"
        draft.write_text(release)
        draft.chmod(0o644)
        draft.replace(self.artifacts / STREAMING)
        expected = {digest(read(name, text)) for name, text in files.items()}
        result = (
            f"SELECT json_agg(hash) FROM riada.tables WHERE hash <> '' OR applied_at >= '{started}'"
        )

        def applied() -> bool:
            hashes = self.json(f"SELECT coalesce(({result}), '[]')")
            return len(hashes) == len(files) and {*hashes} <= expected | {""}

        eventually(applied, f"tables {[*files]} are applied or refused", 15)

    def tables(self) -> dict[str, str | None]:
        """Name → cause."""
        causes: dict[str, str | None] = self.json(
            "SELECT coalesce(json_object_agg(name, cause), '{}') FROM riada.tables"
        )
        return causes

    def psql(self, sql: str, role: str = "") -> subprocess.CompletedProcess[str]:
        target = ["-d", "people"]
        if role:
            password = f"password=secret-of-postgres-{role}"
            tls = " ".join(f"{key}={value}" for key, value in VERIFIED.items())
            target = ["-d", f"host=postgres user={role} dbname=people {password} {tls}"]
        return self.container.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *target, "-c", sql)

    def value(self, sql: str, role: str = "") -> str:
        """The output of a statement that must succeed."""
        done = self.psql(sql, role)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def refused(self, sql: str, role: str = "") -> str:
        """Error and hint of a statement that must fail."""
        done = self.psql(sql, role)
        assert done.returncode != 0, f"not refused: {sql}"
        return done.stderr

    def json(self, sql: str) -> Any:
        return json.loads(self.value(sql))


def with_users(start: Start, artifacts: Path, *options: str) -> Postgres:
    """A server to which the table users is deployed. `options`: of docker run."""
    artifacts.chmod(0o755)
    container = start("postgres", "postgres", "--volume", f"{artifacts}:/artifacts:ro", *options)
    container.await_healthy("healthcheck")
    server = Postgres(container, artifacts)
    server.deploy(users=USERS)
    assert server.tables() == {"users": None}
    return server
