"""POST /api/tables/describe: the file of a table, from PostgreSQL's catalog or a JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class DescribeRequest(JsonRecord):
    """`name`: a table of PostgreSQL, such as public.orders; shop/public.orders is in the database
    that `files` describe: path in tables/ → text. With `url`, the address of a JSON API, it is the
    name of the new table."""

    name: str
    url: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefusedColumn(JsonRecord):
    """A column that cannot be carried: the reason with the options."""

    column: str
    reason: str


@dataclass(frozen=True)
class DescribeResult(JsonRecord):
    """`file`: the path of the file in tables/, such as orders.toml or shop/orders.toml. `notes`:
    what a person should check, in sentences."""

    file: str
    text: str
    refused: tuple[RefusedColumn, ...] = ()
    notes: tuple[str, ...] = ()
