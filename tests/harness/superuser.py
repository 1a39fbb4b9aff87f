"""PostgreSQL as its superuser, by psql inside the container."""

from __future__ import annotations

import subprocess

from tests.harness.platform import Platform

TABLES = "/etc/riada/people.sql"
"""What PostgreSQL applies to database people on every start."""


def psql(
    platform: Platform, *arguments: str, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """psql on database people, whatever it comes to; it stops at the first error."""
    options = ("-XqAt", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=default", "-d", "people")
    return platform.exec_in("postgres", "psql", *options, *arguments, text=text)


def execute(platform: Platform, statements: str) -> str:
    """Output of statements, each a transaction of its own."""
    done = psql(platform, text=statements)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def change(platform: Platform, statements: str) -> str:
    """Output of DDL on what capture depends on, as Riada's own DDL is let through."""
    return execute(
        platform, f"SET client_min_messages = warning; SET riada.ddl = 'on';\n{statements}"
    )


def apply_tables(platform: Platform) -> str:
    """What PostgreSQL's start does to the tables; its warnings."""
    done = psql(platform, "-c", "SET client_min_messages = warning", "-1", "-f", TABLES)
    assert done.returncode == 0, done.stderr
    return done.stderr
