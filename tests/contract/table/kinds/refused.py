"""Types that no kind carries as they are, and their choices, written by hand."""

from __future__ import annotations

JSONB = "jsonb that holds a JSON array"
_ZONED = ("timestamptz(3)", "timestamptz as bigint", "timestamptz as text")
_PLAIN = ("timestamp(3)", "timestamp as bigint", "timestamp as text")
_NUMERIC = ("numeric", "numeric(p, s) with a scale from 0 to p")

REFUSED: dict[str, tuple[str, ...]] = {
    "timestamptz": _ZONED,
    "timestamp with time zone": _ZONED,
    "timestamp(6) without time zone": _PLAIN,
    "timestamp as date": _PLAIN,
    "numeric(5,-2)": _NUMERIC,
    "numeric(2,5)": _NUMERIC,
    "time with time zone": ("time", "timestamptz(3)"),
    "money": ("numeric(p, s)",),
    "bit(8)": ("bytea", "text"),
    "bytea[]": (JSONB,),
    "interval[]": (JSONB,),
    "numeric[]": ("numeric(p, s)[]", JSONB),
    "time[]": ("time(3)[]", JSONB),
    "timestamptz[]": ("timestamptz(3)[]", JSONB),
    "int4[][]": (JSONB,),
    "point": (),
    "enum(mood)": (),
    "": (),
}
