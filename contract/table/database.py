"""Another PostgreSQL whose tables are delivered: the folder tables/NAME with a database.toml.

Its address and password belong to an installation: contract/stores/postgres/server.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import tomllib

from contract.table.paths import DATABASE_FILE
from contract.table.slot import default

NAME = re.compile("[a-z][a-z0-9_]{0,29}")
FIELDS = frozenset({"database", "user", "slot", "ca", "tls"})
_SLOT = re.compile("[a-z0-9_]{1,63}")
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True)
class Database:
    """`name`: of the folder. `database` and `user`: PostgreSQL's names. `slot`: the replication
    slot, which no other program may use. `ca`: the certificates that the server's must be signed
    by (PEM); "" for a connection without TLS."""

    name: str
    database: str
    user: str
    slot: str
    ca: str


def parse(name: str, files: Mapping[str, str]) -> Database:
    """`files`: the name of each file of the folder → its text. Raises ValueError, which names the
    place in the file."""
    if not NAME.fullmatch(name):
        raise ValueError("a folder's name has up to 30 of a-z, 0-9 and _, and begins with a letter")
    content = tomllib.loads(files[DATABASE_FILE])
    if unknown := content.keys() - FIELDS:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")

    def text(field: str, otherwise: str) -> str:
        value = content.get(field, otherwise)
        if not isinstance(value, str) or not value:
            raise ValueError(f"{field}: expected text")
        return value

    slot = text("slot", default(name))
    if not _SLOT.fullmatch(slot):
        raise ValueError("slot: a name has up to 63 of a-z, 0-9 and _")
    return Database(name, text("database", name), text("user", "riada"), slot, _ca(content, files))


def _ca(content: Mapping[str, object], files: Mapping[str, str]) -> str:
    tls, file = content.get("tls", True), content.get("ca")
    if not isinstance(tls, bool):
        raise ValueError("tls: expected true or false")
    if not tls:
        if file is not None:
            raise ValueError("ca: without TLS no certificate is checked")
        return ""
    if not isinstance(file, str):
        raise ValueError(
            "ca is missing: it names the file beside this one with the certificates of the "
            'server\'s authority, such as "ca.pem". A trusted network: tls = false'
        )
    if file not in files:
        raise ValueError(f"ca: the file {file} is missing beside this one")
    if _CERTIFICATE not in files[file]:
        raise ValueError(f"ca: {file} has no {_CERTIFICATE}")
    return files[file]
