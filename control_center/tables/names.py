"""Names of tables: as a person writes them for PostgreSQL, and of files of tables/."""

from __future__ import annotations

import re

from contract.errors import InvalidInputError
from control_center.config import COMPONENT

_PART = r'("(?:[^"]|"")+"|[^".]+)'
_NAME = re.compile(rf"(?:{_PART}\.)?{_PART}")
LONGEST = 48
# Names of columns that often hold a person's data, in words of a column's name.
_PERSONAL = {
    *("address", "birth", "birthday", "birthdate", "city", "dob", "email", "firstname", "gender"),
    *("iban", "ip", "lastname", "latitude", "longitude", "mail", "mobile", "passport", "phone"),
    *("postcode", "ssn", "street", "surname", "telephone", "username", "zip"),
}
_PERSONAL_PAIRS = ("first_name", "last_name", "full_name", "user_name", "date_of_birth")


def relation_name(text: str) -> tuple[str, str]:
    """public.orders, orders or "My schema"."Orders" → schema and name, in the letters given.
    Raises InvalidInputError."""
    match = _NAME.fullmatch(text.strip())
    if match is None:
        raise InvalidInputError(
            COMPONENT,
            "the name of a table is SCHEMA.NAME",
            'Such as public.orders or public."Größe".',
        )
    schema, name = (_unquoted(part) if part else "public" for part in match.groups())
    return schema, name


def file_name(schema: str, relation: str) -> str:
    """orders for public.orders, sales_orders for sales."Orders": letters, digits and _ only."""
    text = relation if schema == "public" else f"{schema}_{relation}"
    plain = re.sub("[^a-z0-9]+", "_", text.lower()).strip("_")
    if not plain[:1].isalpha():
        plain = f"table_{plain}".rstrip("_")
    return plain[:LONGEST].rstrip("_")


def column_name(path: str) -> str:
    """location.postCode → location_post_code."""
    split = re.sub("([a-z0-9])([A-Z])", r"\1_\2", path)
    plain = re.sub("[^a-z0-9]+", "_", split.lower()).strip("_") or "value"
    return plain if plain[0].isalpha() else f"_{plain}"


def is_personal(column: str) -> bool:
    """Is this probably a column with a person's data? A person checks it."""
    plain = column_name(column)
    return bool(_PERSONAL.intersection(plain.split("_"))) or any(
        pair in plain for pair in _PERSONAL_PAIRS
    )


def _unquoted(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part
