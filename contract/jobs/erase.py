"""POST /api/erase: erase a row from every store, and list where traces of it remain and until when.

No field holds the key of a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class EraseRequest(JsonRecord):
    """`table`: its name. `key`: of the row (contract/table/key.py). `again`, without a key: erases
    again what a restored store has brought back."""

    table: str
    key: str = ""
    again: bool = False


@dataclass(frozen=True)
class Trace(JsonRecord):
    """`until`: the latest time at which the trace exists, ISO 8601 in UTC; "" if nothing but
    `remedy` ends it. `what`: the trace, in a sentence; `remedy`: what ends it earlier, or ""."""

    store: str
    what: str
    until: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class EraseResult(JsonRecord):
    """`ok`: no store that Riada writes holds the row. `remains`: what still does, in sentences.
    `postgres`, `rejects`, `dead_letters`, `cassandra`: numbers of rows, items and messages that
    this run erased. `erasures`: how many keys it erased. `erased_at`: the newest event of the row
    came to the topic before that, ISO 8601 in UTC; `took_s` in seconds."""

    table: str
    ok: bool
    erased_at: str
    erasures: int
    postgres: int
    rejects: int
    dead_letters: int
    cassandra: int
    remains: tuple[str, ...]
    traces: tuple[Trace, ...]
    took_s: float
