"""Another PostgreSQL: what is missing of an installation is an error of this database alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg2
import pytest

from contract.errors import UnreachableError
from contract.table.database import Database
from control_center.clients import external
from control_center.config import Settings

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
SHOP = Database("shop", "sales", "riada", "riada_shop", PEM)


def settings(folder: Path, databases: str = "shop=db.example:5433", secret: str = "x") -> Settings:
    if secret:
        (folder / "database-shop").write_text(secret)
    values = {"DATABASES": databases, "SECRETS": str(folder), "STATE": str(folder / "state")}
    return Settings.load(values)


def failure(asked: Settings) -> UnreachableError:
    with pytest.raises(UnreachableError) as raised, external.connect(asked, SHOP):
        pass
    assert raised.value.component == "shop"
    return raised.value


def test_a_database_without_an_address(tmp_path: Path) -> None:
    error = failure(settings(tmp_path, "crm=crm.example"))
    assert str(error) == "shop: no address of database shop is known"
    assert error.remedy == "Run make up DATABASES=shop=HOST:PORT."


def test_a_database_without_a_password(tmp_path: Path) -> None:
    error = failure(settings(tmp_path, secret=""))
    assert str(error).startswith("shop: its password is unknown: ")
    assert "database-shop" in error.cause


def test_a_server_that_is_away(tmp_path: Path) -> None:
    error = failure(settings(tmp_path, "shop=db.riada.invalid"))
    assert str(error) == "shop: is not on the network (its name does not resolve)"


def connected(monkeypatch: pytest.MonkeyPatch, asked: Settings, database: Database) -> Any:
    """The arguments of the connection."""
    arguments: dict[str, Any] = {}

    def connect(**given: Any) -> None:
        arguments.update(given)
        raise psycopg2.OperationalError("no server here")

    monkeypatch.setattr(psycopg2, "connect", connect)
    with pytest.raises(UnreachableError), external.connect(asked, database):
        pass
    return arguments


def test_the_server_is_verified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = connected(monkeypatch, settings(tmp_path), SHOP)
    assert (given["host"], given["port"], given["dbname"]) == ("db.example", 5433, "sales")
    assert (given["user"], given["password"], given["sslmode"]) == ("riada", "x", "verify-full")
    assert Path(given["sslrootcert"]).read_text() == PEM
    assert "search_path=pg_catalog" in given["options"]


def test_a_connection_without_tls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plain = Database("shop", "sales", "riada", "riada_shop", "")
    given = connected(monkeypatch, settings(tmp_path), plain)
    assert given["sslmode"] == "disable"
    assert "sslrootcert" not in given
