"""Errors of PostgreSQL name it, whether it is away or refuses a statement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg2
import pytest

from contract.errors import UnreachableError
from control_center.clients.postgres import cause, connect
from control_center.config import Settings


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            'could not translate host name "postgres" to address: x',
            "is not on the network (its name does not resolve)",
        ),
        ("connection to server failed: Connection refused\n\tIs it up?", "refuses connections"),
        (
            "FATAL:  the database system is starting up\nx",
            "answers no query (FATAL:  the database system is starting up)",
        ),
        ("", "answers no query (OperationalError)"),
    ],
)
def test_the_cause_in_words(message: str, expected: str) -> None:
    assert cause(psycopg2.OperationalError(message)) == expected


def test_the_server_is_verified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given: dict[str, Any] = {}

    def connected(**arguments: Any) -> None:
        given.update(arguments)
        raise psycopg2.OperationalError("no server here")

    monkeypatch.setattr(psycopg2, "connect", connected)
    (tmp_path / "postgres-observer").write_text("x")
    with (
        pytest.raises(UnreachableError),
        connect(Settings.load({"SECRETS": str(tmp_path)})),
    ):
        pass
    assert (given["host"], given["sslmode"]) == ("postgres", "verify-full")
    assert given["sslrootcert"] == str(tmp_path / "ca")


def test_a_server_that_is_away_is_named(tmp_path: Path) -> None:
    (tmp_path / "postgres-observer").write_text("x")
    host = "postgres.riada.invalid"
    settings = Settings.load({"POSTGRES_HOST": host, "SECRETS": str(tmp_path)})
    with (
        pytest.raises(UnreachableError, match="postgres: is not on the network"),
        connect(settings),
    ):
        pass
