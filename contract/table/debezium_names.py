"""Names of columns and tables as Debezium writes them: in Avro schemas and in topics."""

from __future__ import annotations

import re

_NOT_AVRO = re.compile("[^A-Za-z0-9_]")
_DIGIT = re.compile("[0-9]")
_NOT_TOPIC = re.compile("[^A-Za-z0-9._-]")


def field_name(column: str) -> str:
    """größe → gr__e, 1st → _1st, 😀 → __: option `avro` of field.name.adjustment.mode
    (io.debezium.schema.SchemaNameAdjuster). Java's characters have 16 bits."""
    prefix = "_" if _DIGIT.match(column) else ""
    return prefix + _NOT_AVRO.sub(_underscores, column)


def has_field_name(column: str) -> bool:
    """False for a name that begins with a digit of another script, such as ٣: Debezium keeps the
    digit, and Avro refuses it."""
    return column[:1] < "\x80" or column[:1] > "\uffff" or not column[:1].isdecimal()


def table_name(schema: str, relation: str) -> str:
    """public, orders → public.orders: the end of the topic's name."""
    return _NOT_TOPIC.sub(_underscores, f"{schema}.{relation}")


def _underscores(match: re.Match[str]) -> str:
    return "__" if match[0] > "\uffff" else "_"
