"""The forms of each kind, written by hand: no program derives them.

`values` are what PostgreSQL returns, what a decoded event has and what Cassandra's driver returns,
as seen on a running platform, and their canonical form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Value:
    postgres: Any
    event: Any
    cassandra: Any
    canonical: Any


@dataclass(frozen=True)
class Form:
    """`names` are PostgreSQL's other names of the type; `spec` is what a file says."""

    spec: str
    names: tuple[str, ...]
    avro: Any
    cassandra: str
    values: tuple[Value, ...]


def same(*values: Any) -> tuple[Value, ...]:
    return tuple(Value(value, value, value, value) for value in values)


def array(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": ["null", item]}


_NOON_MS, _NOON = 1_769_860_800_123, datetime(2026, 1, 31, 12, 0, 0, 123_000, timezone.utc)
_ID = "b25124b3-cd58-477d-8365-6a42f620507e"

FORMS = (
    Form("bool", ("boolean",), "boolean", "boolean", same(True, False)),
    Form("int2", ("smallint",), "int", "smallint", same(-(2**15), 2**15 - 1)),
    Form("int4", ("integer", "int"), "int", "int", same(-(2**31), 2**31 - 1)),
    Form("int8", ("bigint",), "long", "bigint", same(-(2**63), 2**63 - 1)),
    Form(
        "float4",
        ("real",),
        "float",
        "float",
        (
            Value(0.1, 0.10000000149011612, 0.10000000149011612, "0.1"),
            Value(-0.0, -0.0, -0.0, "-0.0"),
            Value(1e-45, 1.401298464324817e-45, 1.401298464324817e-45, "1e-45"),
            Value(3.4028235e38, 3.4028234663852886e38, 3.4028234663852886e38, "3.4028235e+38"),
            Value(16777216.0, 16777216.0, 16777216.0, "16777216.0"),
        ),
    ),
    Form(
        "float8",
        ("double precision",),
        "double",
        "double",
        (
            Value(0.1, 0.1, 0.1, "0.1"),
            Value(-0.0, -0.0, -0.0, "-0.0"),
            Value(5e-324, 5e-324, 5e-324, "5e-324"),
        ),
    ),
    Form(
        "numeric",
        ("decimal",),
        "string",
        "decimal",
        (
            Value(Decimal("1.10"), "1.10", Decimal("1.10"), "1.10"),
            Value(Decimal("1E+3"), "1000", Decimal("1000"), "1000"),
            Value(Decimal("1e-21"), "0.000000000000000000001", Decimal("1e-21"), f"0.{'0' * 20}1"),
        ),
    ),
    Form(
        "numeric(10,2)",
        ("numeric(10, 2)", "decimal(10,2)"),
        "string",
        "decimal",
        (
            Value(Decimal("12.50"), "12.50", Decimal("12.50"), "12.50"),
            Value(Decimal("-99999999.99"), "-99999999.99", Decimal("-99999999.99"), "-99999999.99"),
            Value(Decimal("0"), "0.00", Decimal("0.00"), "0.00"),
        ),
    ),
    Form("numeric(5,0)", ("numeric(5)",), "string", "decimal", (Value(7, "7", Decimal(7), "7"),)),
    Form("text", ("varchar", "character varying"), "string", "text", same("", "ß 👩", "a\nb ")),
    Form("varchar(9)", ("character varying(9)",), "string", "text", same("", "v ")),
    Form("char(3)", ("character(3)", "bpchar(3)"), "string", "text", same("   ", "c  ", "abc")),
    Form("char(1)", ("char", "character"), "string", "text", same("c")),
    Form(
        "uuid", (), "string", "uuid", (Value(_ID, _ID, UUID(_ID), _ID),
                                      Value(_ID.upper(), _ID, UUID(_ID), _ID))
    ),
    Form(
        "date",
        (),
        "int",
        "date",
        (
            Value("1582-10-15", -141427, "1582-10-15", "1582-10-15"),
            Value("1970-01-02", 1, "1970-01-02", "1970-01-02"),
            Value("9999-12-31", 2932896, "9999-12-31", "9999-12-31"),
        ),
    ),
    Form(
        "time",
        ("time without time zone", "time(6)"),
        "long",
        "time",
        (
            Value("04:05:06.789", 14706789000, "04:05:06.789000000", "04:05:06.789"),
            Value("23:59:59.999999", 86399999999, "23:59:59.999999000", "23:59:59.999999"),
            Value("00:00:00", 0, "00:00:00.000000000", "00:00:00"),
        ),
    ),
    Form(
        "time(3)",
        ("time(3) without time zone",),
        "long",
        "time",
        (Value("04:05:06.789", 14706789000, "04:05:06.789000000", "04:05:06.789"),),
    ),
    Form(
        "timestamp(3)",
        ("timestamp(3) without time zone",),
        "long",
        "timestamp",
        (
            Value("2026-01-31 12:00:00.123", _NOON_MS * 1000, _NOON_MS, _NOON_MS),
            Value("1969-12-31 23:59:59.999", -1000, -1, -1),
        ),
    ),
    Form(
        "timestamptz(3)",
        ("timestamp(3) with time zone",),
        "string",
        "timestamp",
        (
            Value("2026-01-31 12:00:00.123+00", "2026-01-31T12:00:00.123Z", _NOON_MS, _NOON_MS),
            Value("2026-01-31 14:00:00.123+02", "2026-01-31T12:00:00.123Z", _NOON_MS, _NOON_MS),
            Value(_NOON, "2026-01-31T12:00:00.123Z", _NOON_MS, _NOON_MS),
        ),
    ),
    Form(
        "timestamptz as bigint",
        ("timestamp with time zone as bigint",),
        "string",
        "bigint",
        (
            Value(
                "2026-01-31 12:00:00.123456+00",
                "2026-01-31T12:00:00.123456Z",
                _NOON_MS * 1000 + 456,
                _NOON_MS * 1000 + 456,
            ),
        ),
    ),
    Form(
        "timestamp as bigint",
        ("timestamp without time zone as bigint",),
        "long",
        "bigint",
        (Value("1969-12-31 23:59:59.999999", -1, -1, -1),),
    ),
    Form(
        "timestamptz(4) as text",
        (),
        "string",
        "text",
        (
            Value(
                "2026-01-31 12:00:00.1234+00",
                "2026-01-31T12:00:00.1234Z",
                "2026-01-31T12:00:00.123400Z",
                "2026-01-31T12:00:00.123400Z",
            ),
        ),
    ),
    Form(
        "timestamp as text",
        (),
        "long",
        "text",
        (
            Value(
                "1969-12-31 23:59:59.999999",
                -1,
                "1969-12-31T23:59:59.999999",
                "1969-12-31T23:59:59.999999",
            ),
        ),
    ),
    Form(
        "interval",
        (),
        "string",
        "text",
        (
            Value(
                "P0Y10M3DT-4H-5M-6.789000S",
                "P0Y10M3DT-4H-5M-6.789S",
                "P0Y10M3DT-4H-5M-6.789000S",
                "P0Y10M3DT-4H-5M-6.789000S",
            ),
            Value(
                "P-1Y-1M0DT0H0M0.000001S",
                "P-1Y-1M0DT0H0M0.000001S",
                "P-1Y-1M0DT0H0M0.000001S",
                "P-1Y-1M0DT0H0M0.000001S",
            ),
            # the double 6.789 less its last bit
            Value(
                "P0Y0M0DT2147483647H59M6.789000S",
                "P0Y0M0DT2147483647H59M6.788999999S",
                "P0Y0M0DT2147483647H59M6.789000S",
                "P0Y0M0DT2147483647H59M6.789000S",
            ),
        ),
    ),
    Form(
        "bytea",
        (),
        "bytes",
        "blob",
        (
            Value(memoryview(b"\x00\xff"), b"\x00\xff", b"\x00\xff", "\\x00ff"),
            Value(memoryview(b""), b"", b"", "\\x"),
        ),
    ),
    Form("json", (), "string", "text", same(' {"b": 1, "a": 2, "a": 3} ', "1.10", "null")),
    Form("jsonb", (), "string", "text", same('{"a": 3, "b": 1.10}', "null")),
    Form("enum(public.mood)", (), "string", "text", same("très bien")),
    Form('enum("My schema"."Mood")', (), "string", "text", same("it's \"x\"")),
    Form("inet", (), "string", "text", same("10.0.0.1", "10.0.0.1/8", "::ffff:1.2.3.4")),
    Form("cidr", (), "string", "text", same("10.0.0.0/8", "::/0")),
    Form("bool[]", ("boolean[]",), array("boolean"), "text",
         (Value("[true,null]", [True, None], "[true,null]", "[true,null]"),)),
    Form("int4[]", ("integer[]",), array("int"), "text",
         (Value("[1,null,-2]", [1, None, -2], "[1,null,-2]", "[1,null,-2]"),
          Value("[]", [], "[]", "[]"))),
    Form("float4[]", ("real[]",), array("float"), "text",
         (Value("[0.1,-0,null]", [0.10000000149011612, -0.0, None], "[0.1,-0.0,null]",
                '["0.1","-0.0",null]'),)),
    Form("numeric(10,2)[]", (), array("string"), "text",
         (Value("[1.50,null,7.00]", ["1.50", None, "7.00"], '["1.50",null,"7.00"]',
                '["1.50",null,"7.00"]'),)),
    Form("text[]", (), array("string"), "text",
         (Value(r'["a,b",null,"\"q\"",""]', ["a,b", None, '"q"', ""], r'["a,b",null,"\"q\"",""]',
                r'["a,b",null,"\"q\"",""]'),)),
    Form("date[]", (), array("int"), "text",
         (Value('["1970-01-02",null]', [1, None], '["1970-01-02",null]', '["1970-01-02",null]'),)),
    Form("time(3)[]", (), array("long"), "text",
         (Value('["04:05:06.789",null]', [14706789000, None], "[14706789000000,null]",
                '["04:05:06.789",null]'),)),
    Form("timestamp(3)[]", (), array("long"), "text",
         (Value('["1969-12-31T23:59:59.999",null]', [-1000, None], "[-1,null]", "[-1,null]"),)),
    Form("timestamptz(3)[]", (), array("string"), "text",
         (Value('["2026-01-31T12:00:00.123+00:00"]', ["2026-01-31T12:00:00.123Z"],
                f"[{_NOON_MS}]", f"[{_NOON_MS}]"),)),
    Form("uuid[]", (), array("string"), "text",
         (Value(f'["{_ID}"]', [_ID], f'["{_ID}"]', f'["{_ID}"]'),)),
    Form("enum(public.mood)[]", (), array("string"), "text",
         (Value('["sad"]', ["sad"], '["sad"]', '["sad"]'),)),
    Form("inet[]", (), array("string"), "text",
         (Value('["::1",null]', ["::1", None], '["::1",null]', '["::1",null]'),)),
)  # fmt: skip
