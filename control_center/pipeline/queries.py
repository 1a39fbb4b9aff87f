"""Runs the named queries of a table's file on Cassandra, as the role `observer`, which only
reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from contract.errors import InvalidInputError, NotFoundError
from contract.json_record import JsonRecord
from contract.table.instant import milliseconds
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.pipeline.masking import MASK, shown

LIMIT = 100  # rows
TIMEOUT_S = 60.0
# A quoted name, a plain name or a number, a string, and any other character.
_TOKEN = re.compile(r"""\s*("(?:[^"]|"")*"|'(?:[^']|'')*'|\w+|\S)""")


@dataclass(frozen=True)
class QueryResult(JsonRecord):
    """`rows`: column → value, the first LIMIT; `more`: the query has further rows. Personal values
    are masked unless they were requested unmasked."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    more: bool


def run(
    clients: Clients,
    table: Table,
    name: str,
    parameters: Mapping[str, str],
    unmasked: bool = False,
) -> QueryResult:
    """The query `name` of the table with these values for its parameters. Raises NotFoundError,
    which names the queries, InvalidInputError, which names the parameters, UnreachableError."""
    cql = statement(table, name)
    columns, rows = clients.cassandra.page(
        cql, lambda types: bound(table, name, types, parameters), LIMIT + 1, TIMEOUT_S
    )
    hidden = frozenset[int]() if unmasked else masked_places(table, cql, columns)
    return QueryResult(
        tuple(columns),
        tuple(_shown(columns, row, hidden) for row in rows[:LIMIT]),
        len(rows) > LIMIT,
    )


def statement(table: Table, name: str) -> str:
    """The query's CQL. Raises NotFoundError, InvalidInputError if it does not read."""
    if name not in table.queries:
        exist = f"The queries are {', '.join(table.queries)}." if table.queries else ""
        raise NotFoundError(COMPONENT, f"{table.name} has no such query", exist)
    cql = table.queries[name]
    if re.match(r"\s*SELECT\s", cql, re.IGNORECASE):
        return cql
    raise InvalidInputError(
        COMPONENT, f"queries.{name} is not a SELECT", f"Correct tables/{table.name}.toml."
    )


def bound(
    table: Table, name: str, types: Mapping[str, str], parameters: Mapping[str, str]
) -> dict[str, Any]:
    """Parameter → the value that Cassandra's driver takes. `types`: parameter → CQL type. Raises
    InvalidInputError."""
    if types.keys() != parameters.keys():
        expected = ", ".join(types) or "no parameter"
        raise InvalidInputError(COMPONENT, f"queries.{name} takes {expected}")
    values = {}
    for parameter, cql_type in types.items():
        try:
            values[parameter] = _value(table, parameter, cql_type, parameters[parameter])
        except (TypeError, ValueError, ArithmeticError):
            cause = f"{parameter} is not a value of {cql_type}"
            raise InvalidInputError(COMPONENT, cause) from None
    return values


def masked_places(table: Table, cql: str, columns: Sequence[str]) -> frozenset[int]:
    """The places of the result's columns that may hold personal values. An alias or a function
    does not hide the column that it reads."""
    selectors = _selectors(cql)
    if selectors == [["*"]]:
        return frozenset(place for place, name in enumerate(columns) if name in table.personal)
    if len(selectors) != len(columns) or selectors[0][0].upper() == "JSON":
        return frozenset(range(len(columns)))
    return frozenset(
        place
        for place, tokens in enumerate(selectors)
        if any(_name(token) in table.personal for token in tokens)
    )


def _selectors(cql: str) -> list[list[str]]:
    """The tokens of each expression between SELECT and FROM."""
    tokens = _TOKEN.findall(cql)[1:]
    selectors: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        if depth == 0 and token.upper() == "FROM":
            break
        depth += (token in "([{") - (token in ")]}")
        if depth == 0 and token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    if selectors[0][:1] and selectors[0][0].upper() == "DISTINCT":
        selectors[0] = selectors[0][1:]
    return selectors


def _name(token: str) -> str:
    """A name as Cassandra reads it: without quotes its letters are small."""
    return token[1:-1].replace('""', '"') if token.startswith('"') else token.lower()


def _value(table: Table, parameter: str, cql_type: str, text: str) -> Any:
    if parameter in table.names:
        kind = table.column(parameter).kind
        try:
            return kind.bind(text)
        except (TypeError, ValueError, ArithmeticError):
            return kind.bind(kind.canonical(text))
    if cql_type not in _PARSERS:
        raise ValueError(cql_type)
    return _PARSERS[cql_type](text)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("expected true or false")
    return text.lower() == "true"


def _timestamp(text: str) -> int:
    value = int(text) if text.lstrip("-").isdecimal() else milliseconds(text)
    if value is None:
        raise ValueError("not a point in time")
    return value


_PARSERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("text", "varchar", "ascii", "inet", "date", "time"), str),
    **dict.fromkeys(("int", "bigint", "smallint", "tinyint", "varint", "counter"), int),
    **dict.fromkeys(("double", "float"), float),
    "decimal": Decimal,
    "boolean": _boolean,
    "timestamp": _timestamp,
    "uuid": UUID,
    "timeuuid": UUID,
}


def _shown(columns: Sequence[str], row: Sequence[Any], hidden: frozenset[int]) -> dict[str, Any]:
    return {
        name: MASK if place in hidden and value is not None else shown(value)
        for place, (name, value) in enumerate(zip(columns, row, strict=True))
    }
