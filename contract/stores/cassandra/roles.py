"""Roles of Cassandra. docker/cassandra/initialise.py makes them."""

from __future__ import annotations

from enum import Enum

ADMIN = "riada"
ADMIN_SECRET = "cassandra-admin"


class Role(str, Enum):
    """The role's password is the secret cassandra-ROLE."""

    SPARK = "spark"  # writes rows
    OBSERVER = "observer"  # reads

    @property
    def secret(self) -> str:
        return f"cassandra-{self.value}"
