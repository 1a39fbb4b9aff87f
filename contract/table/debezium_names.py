"""Names of columns and tables as Debezium writes them: in Avro schemas and in topics."""

from __future__ import annotations

import re

_NOT_AVRO = re.compile("[^A-Za-z0-9_]")
_NOT_TOPIC = re.compile("[^A-Za-z0-9._-]")


def field_name(column: str) -> str:
    """größe → gr__e, 1st → _1st: option `avro` of field.name.adjustment.mode. A letter outside
    ASCII becomes one underscore."""
    prefix = "_" if column[:1].isdigit() else ""
    return prefix + _NOT_AVRO.sub("_", column)


def table_name(schema: str, relation: str) -> str:
    """public, users → public.users: the end of the topic's name."""
    return _NOT_TOPIC.sub("_", f"{schema}.{relation}")
