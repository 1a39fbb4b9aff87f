"""PostgreSQL as its superuser, by psql inside the container."""

from __future__ import annotations

import subprocess

from tests.harness.platform import Platform

# The program of PostgreSQL's container that applies the deployed tables to database people.
APPLY = "apply-tables"


def psql(
    platform: Platform, *arguments: str, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run psql on database people until the first error; the caller checks the exit code."""
    options = ("-XqAt", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=default", "-d", "people")
    return platform.exec_in("postgres", "psql", *options, *arguments, text=text)


def execute(platform: Platform, statements: str) -> str:
    """Run statements, each in its own transaction, and return their output."""
    done = psql(platform, text=statements)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def change(platform: Platform, statements: str) -> str:
    """Run DDL on tables that capture depends on, with the setting that Riada's own DDL uses."""
    return execute(
        platform, f"SET client_min_messages = warning; SET riada.ddl = 'on';\n{statements}"
    )


def apply_tables(platform: Platform) -> str:
    """Apply the deployed tables as PostgreSQL's container does, and return the warnings."""
    done = platform.exec_in("postgres", APPLY)
    assert done.returncode == 0, done.stderr
    return done.stderr
