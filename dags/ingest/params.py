"""The parameters that a run of ingest_<table> may set."""

from __future__ import annotations

from collections.abc import Iterable
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
    if unknown := set(names) - known.keys():
        raise ValueError(
            f"unknown parameters: {', '.join(sorted(unknown))}. Known are {', '.join(known)}"
        )


def _common(source: Source) -> dict[str, Param]:
    end = "until the next run begins" if source.pagination.endless else "until the source's end"
    common = {
        "count": _param(None, "integer", f"items to ask for; null: {end}", minimum=1),
        "rate": Param(source.rate, type="number", minimum=0, description="items/s; 0: no limit"),
    }
    if source.pagination.size:
        largest = {"maximum": source.pagination.largest} if source.pagination.largest else {}
        text = "items per request; null: the items of 10 s at the rate, or all"
        common["batch_size"] = _param(None, "integer", text, minimum=1, **largest)
    return common


def _own(param: RunParam) -> Param:
    made = "null: made from the run's id" if param.per_run else ""
    description = "; ".join(text for text in (param.description, made) if text)
    return _param(param.default, _TYPES[param.type], description)


def _param(default: Any, json_type: str, description: str, **limits: int) -> Param:
    return Param(default, type=["null", json_type], description=description, **limits)
