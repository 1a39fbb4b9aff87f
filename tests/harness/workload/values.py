"""Values of a row: every column, with texts and numbers at the edges of what the stores hold."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from tests.harness.workload.step import Row
from tests.harness.workload.table import ADDED

_FIRST = datetime(1970, 1, 1, tzinfo=timezone.utc)
_WORDS = (
    "",
    "Riada",
    "ñandú",
    "''; --",
    "tab\tand\nline",
    "\\N",
    "\U0001f30a",
    "e\u0301",
    "x" * 255,
)
# A value of this size is stored beside the row: an update that leaves it does not log it.
_LARGE = 6_000
_LARGE_SHARE = 0.02


def values(chance: random.Random, step: int, with_added: bool) -> Row:
    """Every column but the key."""
    row: Row = {
        "step": step,
        "word": chance.choice(_WORDS)
        if chance.random() < 0.2
        else f"word {chance.getrandbits(40)}",
        "amount": None if chance.random() < 0.1 else _amount(chance),
        "at": _FIRST + timedelta(milliseconds=chance.randrange(10**13)),
        "flag": chance.random() < 0.5,
        "tags": None if chance.random() < 0.2 else _tags(chance),
        "note": _note(chance),
    }
    return row | ({ADDED: _added(chance)} if with_added else {})


def some(chance: random.Random, step: int, with_added: bool) -> Row:
    """The step and a few other columns; a large note mostly stays unchanged."""
    row = values(chance, step, with_added)
    names = chance.sample(sorted(row.keys() - {"step"}), chance.randint(1, 3))
    return {"step": step} | {name: row[name] for name in sorted(names)}


def _amount(chance: random.Random) -> Decimal:
    return Decimal(chance.randint(-(10**12) + 1, 10**12 - 1)).scaleb(-2)


def _tags(chance: random.Random) -> list[int]:
    return [chance.randint(-(2**31), 2**31 - 1) for _ in range(chance.randrange(4))]


def _note(chance: random.Random) -> str | None:
    if chance.random() < _LARGE_SHARE:
        return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=_LARGE))
    return None if chance.random() < 0.3 else f"note {chance.getrandbits(64):x}"


def _added(chance: random.Random) -> str | None:
    return None if chance.random() < 0.3 else f"added {chance.getrandbits(32)}"
