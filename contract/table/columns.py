"""The columns of `users`, in order. Every other form of the table is derived from this definition.

To add a column: append it here, nullable (rows stored before it have no value).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["uuid", "text", "int", "double", "timestamp"]


@dataclass(frozen=True)
class Column:
    """One column; `path` is where API 1.4 keeps its value.

    Timestamps are UTC with milliseconds, doubles are degrees, texts hold up to `max_length`
    characters of up to 4 bytes: 255 keeps them below the limit of Cassandra's indexes, 1,024 bytes.
    """

    name: str
    path: str
    kind: Kind = "text"
    nullable: bool = False
    max_length: int = 255
    personal: bool = False
    or_number: bool = False  # the API gives this text as a number for some nationalities


COLUMNS: tuple[Column, ...] = (
    Column("id", "login.uuid", "uuid"),
    Column("gender", "gender", personal=True),
    Column("title", "name.title"),
    Column("first_name", "name.first", personal=True),
    Column("last_name", "name.last", personal=True),
    Column("street_number", "location.street.number", "int", personal=True),
    Column("street_name", "location.street.name", personal=True),
    Column("city", "location.city", personal=True),
    Column("state", "location.state"),
    Column("country", "location.country"),
    Column("postcode", "location.postcode", or_number=True, personal=True),
    Column("latitude", "location.coordinates.latitude", "double", personal=True),
    Column("longitude", "location.coordinates.longitude", "double", personal=True),
    Column("timezone_offset", "location.timezone.offset"),
    Column("timezone_description", "location.timezone.description"),
    Column("email", "email", personal=True),
    Column("username", "login.username", personal=True),
    Column("date_of_birth", "dob.date", "timestamp", personal=True),
    Column("registered_at", "registered.date", "timestamp"),
    Column("phone", "phone", personal=True),
    Column("cell", "cell", personal=True),
    Column("id_name", "id.name", nullable=True),
    Column("id_value", "id.value", nullable=True, personal=True),
    Column("picture_large", "picture.large", personal=True),
    Column("picture_medium", "picture.medium", personal=True),
    Column("picture_thumbnail", "picture.thumbnail", personal=True),
    Column("nat", "nat"),
)

# Names of columns that PostgreSQL has, or had, and that are not delivered. The streaming job halts
# at any other column that is not in COLUMNS.
NOT_DELIVERED: frozenset[str] = frozenset()

NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
# Names of the columns to mask wherever a person is shown rather than processed.
PERSONAL: frozenset[str] = frozenset(column.name for column in COLUMNS if column.personal)
