"""People: written to PostgreSQL by SQL, read from Cassandra."""

from __future__ import annotations

import struct
import uuid
from typing import Any
from uuid import UUID

from cassandra.cluster import Session

from contract.stores.cassandra.cql import READ
from contract.table.columns import COLUMNS, NAMES
from tests.harness.platform import Platform
from tests.harness.wait import eventually

LIMIT_S = 120
ORDINARY: dict[str, Any] = {
    "text": "Riada",
    "int": 7,
    "double": 3.1635,
    "timestamp": "1983-02-18 19:45:06.219+00",
}


def new_id() -> str:
    return str(uuid.uuid4())


def person(**values: Any) -> dict[str, Any]:
    """A new person: column → value in a form that SQL accepts."""
    ordinary = {column.name: ORDINARY.get(column.kind) for column in COLUMNS}
    return ordinary | {"id": new_id()} | values


def insert(platform: Platform, *people: dict[str, Any]) -> None:
    """Insert people in one transaction, as role ingest."""
    values = ", ".join(["%s"] * len(NAMES))
    with platform.postgres() as connection, connection, connection.cursor() as cursor:
        for row in people:
            cursor.execute(
                f"INSERT INTO public.users ({', '.join(NAMES)}) VALUES ({values})",
                [row[name] for name in NAMES],
            )


def insert_many(platform: Platform, count: int) -> list[str]:
    """Insert `count` new people and return their ids."""
    people = [person() for _ in range(count)]
    insert(platform, *people)
    return [row["id"] for row in people]


def in_cassandra(session: Session, key: str) -> dict[str, Any] | None:
    """Column → value, timestamps in milliseconds since 1970; None if the row does not exist."""
    row = session.execute(f"SELECT {READ} FROM users WHERE id = %s", [UUID(key)]).one()
    return dict(row._asdict()) if row else None


def city_of(platform: Platform, key: str) -> str | None:
    """The person's city in Cassandra; None if Cassandra does not hold the person."""
    with platform.cassandra() as session:
        row = session.execute("SELECT city FROM users WHERE id = %s", [UUID(key)]).one()
    return str(row.city) if row else None


def version_of(platform: Platform, key: str) -> int:
    """The version of the person's row in Cassandra."""
    with platform.cassandra() as session:
        query = "SELECT WRITETIME(city) FROM users WHERE id = %s"
        return int(session.execute(query, [UUID(key)]).one()[0])


def new_city() -> str:
    """A city in which no other person lives."""
    return f"Riada {uuid.uuid4().hex[:8]}"


def await_person(platform: Platform, key: str, **values: Any) -> None:
    """Wait until Cassandra holds these values; doubles are compared bit by bit."""
    expected = {name: bits(value) for name, value in values.items()}

    def arrived() -> bool:
        row = in_cassandra(session, key)
        assert row is not None, "Cassandra does not hold the person"
        assert {name: bits(row[name]) for name in expected} == expected, row
        return True

    with platform.cassandra() as session:
        eventually(arrived, f"{key} with {', '.join(values)} in Cassandra", LIMIT_S)


def await_gone(platform: Platform, key: str) -> None:
    with platform.cassandra() as session:
        eventually(
            lambda: in_cassandra(session, key) is None, f"{key} gone from Cassandra", LIMIT_S
        )


def bits(value: Any) -> Any:
    """The bytes of a double: 0.0 differs from -0.0, and NaN equals NaN. Other values unchanged."""
    return struct.pack(">d", value) if isinstance(value, float) else value
