"""Why a change of a table is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """`cause` in words, without the table's name; `remedy` is the action for the operator."""

    cause: str
    remedy: str
