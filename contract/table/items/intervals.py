"""interval."""

from __future__ import annotations

import re
from typing import Any

from contract.table.json_path import type_name

_SIGN = "([+-]?)"
_DURATION = re.compile(
    rf"{_SIGN}P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,]([0-9]{1,6})0*)?S)?)?"
)


def interval(value: Any) -> str:
    """A duration of ISO 8601, such as PT1H30M → all its parts, P0Y0M0DT1H30M0S."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match or value.endswith(("P", "T")):
        raise ValueError(f"is {type_name(value)}, not an ISO 8601 duration")
    sign, *parts, fraction = match.groups()
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in parts)
    minus = "-" if sign == "-" else ""
    day = weeks * 7 + days
    return (
        f"P{minus}{years}Y{minus}{months}M{minus}{day}D"
        f"T{minus}{hours}H{minus}{minutes}M{minus}{seconds}.{fraction or 0}S"
    )
