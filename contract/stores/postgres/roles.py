"""Databases and roles of PostgreSQL. docker/postgres/roles.sql makes them."""

from __future__ import annotations

from enum import Enum

DATABASE = "people"
# For connections of DEBEZIUM and OBSERVER, whose statements name every schema. Role APPLICATION may
# make functions and operators in schema public, and would call them with the rights of these roles:
# https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058
SEARCH_PATH = "-c search_path=pg_catalog"


class Role(str, Enum):
    """The role's password is the secret postgres-ROLE."""

    AIRFLOW = "airflow"  # owns the database of the same name
    REGISTRY = "registry"  # owns the database of the same name
    INGEST = "ingest"  # writes rows of sources
    APPLICATION = "application"  # makes tables of its own, and writes rows
    DEBEZIUM = "debezium"  # reads changes
    OBSERVER = "observer"  # reads

    @property
    def secret(self) -> str:
        return f"postgres-{self.value}"
