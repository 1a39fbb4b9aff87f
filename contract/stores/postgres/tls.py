"""How clients connect to PostgreSQL: settings of libpq, which psycopg2 and Debezium take too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract.stores.postgres.roles import DATABASE, Role
from contract.stores.postgres.server import PORT

# To another server whose file says tls = false.
UNENCRYPTED = {"sslmode": "disable"}


def verified(ca: Path) -> dict[str, Any]:
    """The server must have a certificate for the name by which it is reached, of an authority in
    the file `ca`."""
    return {"sslmode": "verify-full", "sslrootcert": str(ca)}


def conninfo(role: Role, ca: Path, host: str, port: int = PORT) -> str:
    """For psql and other programs with libpq, without a password."""
    where = {"host": host, "port": str(port), "dbname": DATABASE, "user": role.value}
    return " ".join(f"{name}={value}" for name, value in {**where, **verified(ca)}.items())
