"""The parameters that a run of ingest_<table> may set."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from airflow.sdk import Param

from contract.table.source import RunParam, Source

_TYPES = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


def params(source: Source) -> dict[str, Param]:
    """Name → parameter: those of every source, then the source's own."""
    return _common(source) | {param.name: _own(param) for param in source.params}


def check(source: Source, names: Iterable[str]) -> None:
    """Airflow accepts parameters that a DAG does not have, and a misspelt one would not count.
    Raises ValueError."""
    known = params(source)
    for name in sorted(set(names) - known.keys()):
        nearest = get_close_matches(name, known, n=1)
        meant = f"did you mean {nearest[0]}? " if nearest else ""
        raise ValueError(f"unknown parameter {name}: {meant}There are {', '.join(known)}")


def _common(source: Source) -> dict[str, Param]:
    endless = source.pagination.endless
    end = "until the next run begins" if endless else "until the source's end"
    fast = "as fast as possible" + (", which needs a count" if endless else "")
    text = f"How many items the run asks for. Empty: all {end}."
    rate = f"Items per second. 0: {fast}."
    common = {
        "count": _param(None, "integer", text, minimum=1),
        "rate": Param(source.rate, type="number", minimum=0, description=rate),
    }
    if source.pagination.size:
        largest = source.pagination.largest
        limits = {"maximum": largest} if largest else {}
        most = f", at most {largest:,}" if largest else ""
        text = f"Items per request{most}. Empty: so many that a request follows every 10 seconds."
        common["batch_size"] = _param(None, "integer", text, minimum=1, **limits)
    return common


def _own(param: RunParam) -> Param:
    made = "Empty: made from the run's id." if param.per_run else ""
    description = " ".join(text for text in (_sentence(param.description), made) if text)
    return _param(param.default, _TYPES[param.type], description)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _param(default: Any, json_type: str, description: str, **limits: int) -> Param:
    return Param(default, type=["null", json_type], description=description, **limits)
