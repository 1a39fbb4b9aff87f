"""POST /api/rebuild: capture every row of every table again, into fresh topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class RebuildRequest(JsonRecord):
    """A rebuild of all deployed tables."""


@dataclass(frozen=True)
class RebuildResult(JsonRecord):
    """`epochs`: name of a database, "" for Riada's own → the epoch that sends its rows. `waiting`:
    name of a database → why its rows are not all on their topics."""

    ok: bool
    epochs: Mapping[str, int]
    waiting: Mapping[str, str]
    took_s: float
