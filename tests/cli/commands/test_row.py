"""make row and make psql."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from cli.commands import psql, row
from cli.commands.row import Options
from cli.host.errors import SettingError
from cli.installations import services
from cli.installations.local import Installation
from tests.cli.deploy.test_first_row import COMMITTED, COMPLETE, READABLE
from tests.cli.server import Answer, JsonServer

PATH = "GET /api/tables/lines/rows/%5B7%2C1%5D"


def test_the_path_of_a_row(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers[PATH] = [Answer(COMPLETE.to_json())]
    assert row.run(Options("lines", "[7,1]")) == 0
    assert "partition 3, offset 12" in capsys.readouterr().out


def test_a_row_that_has_not_arrived_ends_with_1(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers[PATH] = [Answer(COMMITTED.to_json())]
    assert row.run(Options("lines", "[7,1]")) == 1
    assert capsys.readouterr().out == "events a/1 is in PostgreSQL\n"


def test_the_stages_that_are_reached_are_named() -> None:
    assert "on the topic" in row.report(replace(COMMITTED, kafka=COMPLETE.kafka))
    assert "in Cassandra" in row.report(READABLE)


@pytest.mark.parametrize("options", [Options(), Options(table="a"), Options(key="1")])
def test_table_and_key_are_needed(options: Options) -> None:
    with pytest.raises(SettingError, match="TABLE and KEY"):
        row.run(options)


# Prints its arguments, the password that it got, and the statements; ends with 3.
DOCKER = """#!/bin/bash
echo "$@"
echo "$PGPASSWORD"
cat
exit 3
"""


def test_psql_gets_password_and_statements(
    tmp_path: Path,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    program = tmp_path / "docker"
    program.write_text(DOCKER)
    program.chmod(0o755)
    monkeypatch.setattr(psql, "docker", lambda: os.fspath(program))
    monkeypatch.setattr(services, "containers", lambda _: {"postgres": "riada-unit-postgres"})
    statements = tmp_path / "orders.sql"
    statements.write_text("CREATE TABLE orders (id bigint PRIMARY KEY);\n")
    assert psql.run(psql.Options(str(statements))) == 3
    command, password, text = capfd.readouterr().out.splitlines()
    assert "riada-unit-postgres psql" in command
    assert "host=localhost port=5432 dbname=people user=application" in command
    assert "sslmode=verify-full sslrootcert=/run/secrets/ca" in command
    assert password not in command
    assert (password, text) == (
        "postgres-application",
        "CREATE TABLE orders (id bigint PRIMARY KEY);",
    )


def test_psql_needs_the_file(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "containers", lambda _: {"postgres": "riada-unit-postgres"})
    with pytest.raises(SettingError, match=r"FILE=none\.sql does not exist"):
        psql.run(psql.Options("none.sql"))
