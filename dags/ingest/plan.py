"""The requests of a run: the size and the number of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from croniter import croniter

from contract.table.source import MANUAL, Source, Value

# Unless a page size is given, a page holds the items of this time: an API may be a free service.
MIN_INTERVAL_S = 10.0
# A run that waits longer for its next request would only hold the place of another run.
MAX_WAIT_S = 600.0
# The length of a run that only people start.
MANUAL_RUN = timedelta(minutes=5)


class PlanError(ValueError):
    """The parameters of a run do not fit together."""


@dataclass(frozen=True)
class Plan:
    """`query`: the run's values of the source's parameters. `run` names what its pages hold: two
    runs with the same name get the same pages. `page_size`: the items per request; None if the API
    decides. `count`: the number of items to ask for; None until the source's end, or for an
    endless source the time `until` (Unix, s). `rate` is items/s; 0 is as fast as possible."""

    run: str
    page_size: int | None
    count: int | None
    rate: float
    until: float | None
    query: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def from_params(
        cls, source: Source, params: Mapping[str, Any], run_id: str, begin: datetime
    ) -> Plan:
        """The plan of a run that began at that time. Raises PlanError."""
        count, rate = params["count"], params["rate"]
        has_no_end = count is None and source.pagination.endless
        if rate == 0 and has_no_end:
            raise PlanError("rate 0 has no end: give a count too, or a rate")
        size = page_size(source, params.get("batch_size"), rate, count)
        if not has_no_end:
            _check_wait(size or 1, rate, count)
        query = {
            param.name: _run_value(run_id) if value is None else value
            for param in source.params
            if (value := params[param.name]) is not None or param.per_run
        }
        fixed = [str(query[param.name]) for param in source.params if param.per_run]
        return cls(
            run=" ".join(fixed) or run_id,
            page_size=size,
            count=count,
            rate=rate,
            until=(begin + _length(source, begin)).timestamp() if has_no_end else None,
            query=query,
        )


def page_size(source: Source, requested: int | None, rate: float, count: int | None) -> int | None:
    """The number of items per request. `requested` is the run's parameter, if any."""
    pagination = source.pagination
    if not pagination.size:
        return None
    if requested is None:
        requested = round(rate * MIN_INTERVAL_S) if rate else count or pagination.largest
    if requested is None:
        return None
    return min(max(requested, 1), pagination.largest or requested)


def _check_wait(page_size: int, rate: float, count: int | None) -> None:
    """Raises PlanError if the second request would follow too late. (A run without an end ends when
    the next one begins.)"""
    if rate == 0 or (count is not None and count <= page_size):
        return
    if (wait_s := page_size / rate) > MAX_WAIT_S:
        least = f"{page_size / MAX_WAIT_S:.2g}"
        raise PlanError(
            f"rate {rate}: the second request of {page_size:,} items would follow after "
            f"{wait_s:,.0f} s, and a run waits at most {MAX_WAIT_S:.0f} s. Give a rate of at least "
            f"{least}" + (", or a smaller batch_size" if page_size > 1 else "")
        )


def _run_value(run_id: str) -> str:
    """Every attempt of a run has the same."""
    return blake2b(run_id.encode(), digest_size=8).hexdigest()


def _length(source: Source, begin: datetime) -> timedelta:
    """The time between two scheduled runs."""
    if source.schedule == MANUAL:
        return MANUAL_RUN
    runs = croniter(source.schedule, begin)
    first: datetime = runs.get_next(datetime)
    second: datetime = runs.get_next(datetime)
    return second - first
