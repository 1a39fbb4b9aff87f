"""Open PostgreSQL's shell as the role `application`, which may make tables and fill them.

make psql                    from the keyboard
make psql FILE=orders.sql    the statements of a file; the first error ends it
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cli.host.docker import docker
from cli.host.errors import CliError, SettingError
from cli.host.options import text
from cli.installations import services
from cli.installations.local import Installation
from contract.stores.postgres.roles import Role
from contract.stores.postgres.tls import conninfo
from contract.stores.tls import CA

SUMMARY = "Open PostgreSQL's shell as role application (FILE=orders.sql runs a file)"
PRINTS_JSON = False
SERVICE = "postgres"


@dataclass(frozen=True)
class Options:
    file: str = text("", "file with SQL statements; by default they come from the keyboard")


def run(options: Options) -> int:
    """The exit code of psql: 3 after a statement that failed."""
    installation = Installation.current()
    containers = services.containers(installation)
    if SERVICE not in containers:
        raise CliError("is not on this machine", "make up starts it", SERVICE)
    path = Path(options.file) if options.file else None
    if path is not None and not path.is_file():
        raise SettingError(f"FILE={options.file} does not exist", "for example FILE=orders.sql")
    terminal = path is None and sys.stdin.isatty()
    command = [
        *(docker(), "exec", "--interactive", *(["--tty"] if terminal else [])),
        *("--env", "PGPASSWORD", containers[SERVICE]),
        *("psql", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname"),
        conninfo(Role.APPLICATION, Path("/run/secrets", CA), "localhost"),
    ]
    # by the environment, because the process list shows arguments
    environment = {**os.environ, "PGPASSWORD": installation.secret(Role.APPLICATION.secret)}
    if path is None:
        return subprocess.run(command, env=environment).returncode
    with path.open("rb") as statements:
        return subprocess.run(command, env=environment, stdin=statements).returncode
