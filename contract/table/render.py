"""Table → the text of its file, which file.read() reads, for `make table`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from contract.table.column import Column
from contract.table.kinds.error import KindError
from contract.table.source_lines import lines_of
from contract.table.table import Table

_BARE = re.compile("[A-Za-z0-9_-]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def render(table: Table, refused: Mapping[str, KindError] | None = None) -> str:
    """`refused`: PostgreSQL's other columns, which cannot be carried as they are. The file does not
    deliver them, and a comment has the choices."""
    refused = refused or {}
    not_delivered = sorted({*table.not_delivered, *refused})
    lists = {
        "key": table.partition,
        "clustering": table.clustering,
        "indexes": table.indexes,
        "not_delivered": not_delivered,
    }
    texts = {
        "schema": table.schema if table.schema != "public" else "",
        "relation": table.relation if table.relation != table.name else "",
    }
    parts = [
        [f"# {_plain(table.schema)}.{_plain(table.relation)} of PostgreSQL."],
        [f"{field} = {_text(text)}" for field, text in texts.items() if text],
        [f"{field} = {_list(names)}" for field, names in lists.items() if names],
        _refused(refused),
        ["", "[columns]", *(f"{_key(column.name)} = {_spec(column)}" for column in table.columns)],
        _queries(table.queries),
        ["", "[source]", *lines_of(table.source)] if table.source else [],
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _refused(refused: Mapping[str, KindError]) -> list[str]:
    if not refused:
        return []
    return [
        "",
        "# Not delivered yet. To deliver one, write it into [columns] with one of its choices, and",
        "# remove it from not_delivered.",
        *(f"# {_plain(name)}: {_plain(str(error))}" for name, error in sorted(refused.items())),
    ]


def _queries(queries: Mapping[str, str]) -> list[str]:
    if not queries:
        return []
    return ["", "[queries]", *(f"{_key(name)} = {_text(cql)}" for name, cql in queries.items())]


def _spec(column: Column) -> str:
    flags = [flag for flag in ("null", "personal", "generated") if _has(column, flag)]
    words = " ".join([column.kind.spec, *flags])
    return _text(f"{words} from {column.path}" if column.path else words)


def _has(column: Column, flag: str) -> bool:
    return bool(getattr(column, "nullable" if flag == "null" else flag))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, names))}]"


def _text(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    """Text for a comment of one line."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
