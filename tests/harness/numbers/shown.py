"""The numbers in a text of the pages, with their rounding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) UTC(?: \(.*?\))?")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SIZE = re.compile(rf"({_NUMBER.pattern}) ({'|'.join(UNITS)})\b")


@dataclass(frozen=True)
class Shown:
    """`rounding`: half of the last digit that is shown, in the number's unit."""

    value: float
    rounding: float

    def agrees(self, low: float, high: float, absolute: float, relative: float) -> bool:
        """Is it between what the engine had before and after, within rounding and tolerance?"""
        tolerance = self.rounding + max(absolute, relative * abs(high)) + 1e-9
        return low - tolerance <= self.value <= high + tolerance


def numbers(text: str) -> tuple[Shown, ...]:
    """The numbers in a cell: a moment in epoch seconds, a size in bytes, otherwise each number."""
    if moment := _TIME.search(text):
        at = datetime.fromisoformat(moment[1]).replace(tzinfo=timezone.utc)
        return (Shown(at.timestamp(), 0.001 if "." in moment[1] else 1),)
    if size := _SIZE.search(text):
        plain = _number(size[1])
        return (Shown(plain.value * UNITS[size[2]], plain.rounding * UNITS[size[2]]),)
    return tuple(map(_number, _NUMBER.findall(text)))


def differences(
    shown: Mapping[str, tuple[Shown, ...]],
    before: Mapping[str, tuple[float, ...]],
    after: Mapping[str, tuple[float, ...]],
    absolute: float,
    relative: float,
) -> list[str]:
    """What the page shows and the engine did not have. A number of a label that the engine lacks
    counts; an empty cell is right there, such as the end of a run."""
    lines = []
    for label, cell in shown.items():
        first, second = before.get(label), after.get(label)
        if not cell and first is None and second is None:
            continue
        if first is None or second is None or not len(cell) == len(first) == len(second):
            lines.append(f"{label}: shown {_text(cell)}, engine {first} and {second}")
            continue
        for number, low, high in zip(cell, map(min, first, second), map(max, first, second)):
            if not number.agrees(low, high, absolute, relative):
                lines.append(f"{label}: shown {number.value:,}, engine {low:,} to {high:,}")
    return lines


def _number(text: str) -> Shown:
    decimals = len(text.partition(".")[2])
    # a whole number that is a count has no rounding; half of 1 allows one that was rounded
    return Shown(float(text.replace(",", "")), 0.5 * 10.0**-decimals)


def _text(cell: tuple[Shown, ...]) -> str:
    return ", ".join(f"{number.value:,}" for number in cell) or "no number"
