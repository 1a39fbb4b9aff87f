"""Random values of each kind, as text that PostgreSQL reads."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from uuid import UUID

from contract.table.kinds.array import Array
from contract.table.kinds.boolean import Boolean
from contract.table.kinds.bytea import Bytea
from contract.table.kinds.date import Date
from contract.table.kinds.float import Float
from contract.table.kinds.inet import Inet
from contract.table.kinds.integer import Integer
from contract.table.kinds.interval import Interval
from contract.table.kinds.json import Json
from contract.table.kinds.kind import Kind
from contract.table.kinds.numeric import Numeric
from contract.table.kinds.text import Text
from contract.table.kinds.time import Time
from contract.table.kinds.uuid import Uuid

_DAY = date(2000, 1, 1)
_DAYS = 9000
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LONGEST = 24  # characters of a text


def value(kind: Kind, source: random.Random) -> str | None:
    """None for a kind whose values only the table knows, such as the labels of an enum."""
    match kind:
        case Boolean():
            return source.choice(("true", "false"))
        case Integer():
            return str(source.randint(0, kind.largest))
        case Float():
            return repr(round(source.uniform(-180, 180), 4))
        case Numeric():
            digits = min(9, kind.precision - kind.scale if kind.precision else 9)
            whole = source.randrange(10**digits)
            rest = f".{source.randrange(10**kind.scale):0{kind.scale}}" if kind.scale else ""
            return f"{whole}{rest}"
        case Text():
            return _text(kind, source)
        case Uuid():
            return str(UUID(int=source.getrandbits(128), version=4))
        case Date():
            return _date(source)
        case Time():
            return _time(source)
        case Interval():
            return f"{source.randrange(10_000)} seconds"
        case Bytea():
            return "\\x" + source.randbytes(16).hex()
        case Json():
            return json.dumps({"n": source.randrange(1000), "text": _word(source, 8)})
        case Inet():
            return f"10.{source.randrange(256)}.{source.randrange(256)}.{source.randrange(256)}"
        case Array():
            elements = [value(kind.element, source) for _ in range(3)]
            return "{" + ",".join(json.dumps(item) for item in elements if item is not None) + "}"
    return f"{_date(source)}T{_time(source)}Z" if "timestamp" in kind.postgres else None


def _text(kind: Text, source: random.Random) -> str:
    length = min(kind.max_length or _LONGEST, _LONGEST)
    return _word(source, length)


def _word(source: random.Random, length: int) -> str:
    return "".join(source.choices(_ALPHABET, k=length))


def _date(source: random.Random) -> str:
    return (_DAY + timedelta(days=source.randrange(_DAYS))).isoformat()


def _time(source: random.Random) -> str:
    hour, minute, second = source.randrange(24), source.randrange(60), source.randrange(60)
    return f"{hour:02}:{minute:02}:{second:02}"
