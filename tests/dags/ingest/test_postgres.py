"""The connection to PostgreSQL is opened when it is needed."""

from __future__ import annotations

from pathlib import Path

import psycopg2
import pytest
from ingest.postgres import PostgresSession


def test_nothing_is_opened_before_the_first_statement(tmp_path: Path) -> None:
    PostgresSession("test", tmp_path / "missing").close()


def test_an_unreachable_server_is_an_operational_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store retries this class of errors."""
    monkeypatch.setenv("POSTGRES_HOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", "9")
    password = tmp_path / "password"
    password.write_text("secret\n")
    with pytest.raises(psycopg2.OperationalError):
        PostgresSession("test", password).execute("INSERT INTO users VALUES %s", [("a",)])
