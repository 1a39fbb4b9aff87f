"""Where another PostgreSQL is, and with which secret a program connects: facts of an installation.

The variable DATABASES of a container has the addresses, and its secret database-NAME the password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the commands run on Python 3.10, which cannot read TOML
    from contract.table.database import Database

VARIABLE = "DATABASES"
PORT = 5432
_ADDRESS = re.compile(r"([a-z][a-z0-9_]{0,29})=([^\s:,=]+)(?::([0-9]{1,5}))?")


@dataclass(frozen=True)
class Address:
    host: str
    port: int = PORT

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def addresses(text: str) -> Mapping[str, Address]:
    """shop=db.example,crm=10.0.0.5:5433 → name of a database → its address. Raises ValueError."""
    by_name: dict[str, Address] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _ADDRESS.fullmatch(part)
        port = int(match[3] or PORT) if match else 0
        if match is None or match[1] in by_name or not 0 < port < 65536:
            expected = "NAME=HOST or NAME=HOST:PORT with commas between them, each NAME once"
            raise ValueError(f"{VARIABLE}: {part}: expected {expected}")
        by_name[match[1]] = Address(match[2], port)
    return by_name


def secret(name: str) -> str:
    """The secret with the password of this database's user."""
    return f"database-{name}"


def missing(database: Database) -> tuple[str, str]:
    """Why the installation does not reach the database, and the command that corrects it."""
    return (
        f"no address of database {database.name} is known",
        f"make up {VARIABLE}={database.name}=HOST:PORT",
    )
