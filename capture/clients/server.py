"""The PostgreSQL servers whose changes are captured, and how to connect to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from capture.clients.source import UnavailableError
from capture.settings import ROLE, Settings
from contract.kafka.capture import CONNECTOR, SLOT
from contract.stores.postgres.roles import DATABASE
from contract.stores.postgres.server import addresses, missing, secret
from contract.stores.postgres.tls import UNENCRYPTED, verified
from contract.stores.tls import CA
from contract.table.database import Database

# Of libpq, and with the prefix "database." of Debezium.
_TLS = ("sslmode", "sslrootcert")


@dataclass(frozen=True)
class Server:
    """`name`: of contract/table/database.py, "" for the platform's own. `secret`: with the password
    of `user`. `tls`: settings of libpq and of Debezium."""

    name: str
    host: str
    port: int
    database: str
    user: str
    secret: str
    slot: str
    tls: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Begins the messages about this server."""
        return self.name or "PostgreSQL"

    def settings(self) -> dict[str, str]:
        """The connector's settings; `of_connector` reads them."""
        return {
            "database.hostname": self.host,
            "database.port": str(self.port),
            "database.dbname": self.database,
            "database.user": self.user,
            "slot.name": self.slot,
            **{f"database.{name}": value for name, value in self.tls.items()},
        }


def own(settings: Settings) -> Server:
    host, port = settings.postgres_host, settings.postgres_port
    tls = verified(settings.secrets / CA)
    return Server("", host, port, DATABASE, ROLE.value, ROLE.secret, SLOT, tls)


def other(settings: Settings, database: Database) -> Server:
    """Raises UnavailableError if the installation does not know the address."""
    try:
        address = addresses(settings.databases).get(database.name)
    except ValueError as error:
        raise UnavailableError(str(error)) from error
    if address is None:
        raise UnavailableError(": ".join(missing(database)))
    return Server(
        database.name,
        address.host,
        address.port,
        database.database,
        database.user,
        secret(database.name),
        database.slot,
        _tls(settings, database),
    )


def of_connector(configuration: Mapping[str, str]) -> Server:
    """The server of a connector that `Server.settings` configured."""
    name = configuration["name"].removeprefix(f"{CONNECTOR}-")
    return Server(
        name,
        configuration["database.hostname"],
        int(configuration["database.port"]),
        configuration["database.dbname"],
        configuration["database.user"],
        secret(name),
        configuration["slot.name"],
        {
            key: configuration[f"database.{key}"]
            for key in _TLS
            if f"database.{key}" in configuration
        },
    )


def write_certificate(settings: Settings, database: Database) -> Path:
    """Writes the file that the connector's settings name. Its path stays, so that another
    certificate is no other configuration."""
    path = settings.certificates / f"{database.name}.pem"
    if database.ca and (not path.exists() or path.read_text() != database.ca):
        settings.certificates.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(database.ca)
        draft.replace(path)
    return path


def _tls(settings: Settings, database: Database) -> Mapping[str, str]:
    if not database.ca:
        return UNENCRYPTED
    return verified(write_certificate(settings, database))
