"""Connections to another PostgreSQL, whose tables a release delivers: address and password are the
installation's (contract/stores/postgres/server.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from uuid import uuid4

from psycopg2.extensions import connection as Connection

from contract.errors import UnreachableError
from contract.stores.postgres.roles import SEARCH_PATH
from contract.stores.postgres.server import Address, missing, secret
from contract.stores.postgres.tls import UNENCRYPTED, verified
from contract.table.database import Database
from control_center.clients.postgres import opened
from control_center.config import Settings, SettingsError


@contextmanager
def connect(
    settings: Settings, database: Database, statement_timeout_s: float = 4
) -> Iterator[Connection]:
    """A connection as the database's user in UTC, closed at the end; commit is the caller's.

    Raises UnreachableError, whose component is the database's name, for a missing address or secret
    and for every error of psycopg2, also in the caller's statements.
    """
    name = database.name
    address, password = _address(settings, database), _password(settings, name)
    with opened(
        name,
        statement_timeout_s,
        SEARCH_PATH,
        host=address.host,
        port=address.port,
        dbname=database.database,
        user=database.user,
        password=password,
        application_name="riada-control-center",
        **_tls(settings, database),
    ) as connection:
        yield connection


def _address(settings: Settings, database: Database) -> Address:
    """Raises UnreachableError."""
    address = settings.databases.get(database.name)
    if address is None:
        cause, command = missing(database)
        raise UnreachableError(database.name, cause, f"Run {command}.")
    return address


def _password(settings: Settings, name: str) -> str:
    """Raises UnreachableError."""
    try:
        return settings.secret(secret(name))
    except SettingsError as error:
        raise UnreachableError(name, f"its password is unknown: {error.cause}", error.remedy) from (
            error
        )


def _tls(settings: Settings, database: Database) -> Mapping[str, str]:
    """Settings of libpq, which reads certificates from a file only; its name is a hash of
    them. Raises UnreachableError."""
    if not database.ca:
        return UNENCRYPTED
    folder = settings.state / "certificates"
    file = folder / f"{sha256(database.ca.encode()).hexdigest()[:16]}.pem"
    try:
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f".{uuid4().hex}"
            draft.write_text(database.ca)
            draft.replace(file)
    except OSError as error:
        cause = f"its certificates cannot be stored in {folder} ({error.strerror})"
        raise UnreachableError(database.name, cause) from error
    return verified(file)
