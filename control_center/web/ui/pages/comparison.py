"""The newest comparison of PostgreSQL, topic and Cassandra, with the keys that differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from contract.jobs.compare import CompareRequest, CompareResult, KeyDifference
from contract.jobs.job import JobKind, JobState, JobStatus
from contract.jobs.repair import RepairRequest
from contract.kafka.offsets import TopicOffset
from contract.table.table import Table
from control_center.web.ui import instant
from control_center.web.ui.components import (
    ErrorBanner,
    confirmed,
    operator_button,
    section,
    with_error_banner,
)
from control_center.web.ui.session import PageSession
from control_center.web.ui.table import Table as Grid
from control_center.web.ui.table import text

STORES = {"postgres": "PostgreSQL", "topic": "Topic", "cassandra": "Cassandra"}
KINDS = (JobKind.COMPARE, JobKind.REPAIR)
REQUESTS: Mapping[JobKind, type[CompareRequest | RepairRequest]] = {
    JobKind.COMPARE: CompareRequest,
    JobKind.REPAIR: RepairRequest,
}


def build(session: PageSession, table: Table) -> None:
    """Adds the section about the table. It is refreshed while the page is open."""
    context, principal = session.context, session.reader()
    with section("Comparison"):
        state = ui.label().props('role="status"')
        banner = ErrorBanner()
        with ui.row():
            for kind, title in zip(KINDS, ("Compare now", "Repair what differs")):
                act = with_error_banner(banner, _start(session, kind))
                operator_button(title, act, principal, "outline")
        columns = {"store": "Store", "count": "Rows", "checksum": "Checksum of all fields"}
        stores = Grid("Counts and checksums", columns, "Not compared yet")
        keys = Grid(
            "Keys that differ",
            {
                "key": "Key",
                "missing": "Not in",
                "fields": "Fields that differ",
                "newest_event": "Newest event (partition : offset)",
                "cassandra_event": "Event in Cassandra (partition : offset)",
            },
            "No key differs",
            keys_of=table.name,
        )

    def show() -> None:
        job = context.jobs.newest(*KINDS, table=table.name)
        state.set_text(sentence(job))
        result = comparison_of(job)
        summaries = [getattr(result, name) for name in STORES] if result else []
        stores.show(
            [
                {"store": label, "count": summary.count, "checksum": summary.checksum}
                for label, summary in zip(STORES.values(), summaries)
            ]
        )
        stores.element.set_visibility(result is not None)
        differences = result.keys if result else ()
        keys.show([_row(key) for key in differences])
        keys.element.set_visibility(bool(differences))

    session.every(2.0, show)


def comparison_of(job: JobStatus | None) -> CompareResult | None:
    """The result of a finished comparison or repair; None while it runs or if it broke."""
    if job is None or job.state is not JobState.DONE or job.result is None:
        return None
    return CompareResult.from_json(job.result)


def sentence(job: JobStatus | None) -> str:
    """The state of the newest comparison in a sentence."""
    if job is None:
        return "Not compared yet."
    kind = job.kind.value
    if job.state is JobState.RUNNING:
        return f"A {kind} is running: {job.progress[-1] if job.progress else 'no progress yet'}"
    result, at = comparison_of(job), text(job.started_at)
    if result is None:
        error = (job.result or {}).get("error", "no cause given")
        return f"The {kind} of {at} failed: {error}"
    unaccounted = result.offsets.unaccounted
    lost = f"; {unaccounted:,} offsets are unaccounted for" if unaccounted else ""
    if result.equal:
        return f"{at}: all three stores are equal in every field{lost}."
    return f"{at}: {result.differing:,} rows differ{lost}. The first {len(result.keys)}:"


def repair_question(table: str, job: JobStatus | None) -> str:
    """What a repair will do, with the number of rows that differ, if a comparison knows it."""
    result = comparison_of(job)
    if job is None or result is None:
        known = "No comparison tells how many rows differ"
    else:
        known = f"{result.differing:,} rows differed {relative_start(job)}"
    return (
        f"{known}. The repair compares {table} again, sends each differing row of PostgreSQL "
        "through the pipeline, and deletes the rows in Cassandra that PostgreSQL does not hold."
    )


def relative_start(job: JobStatus) -> str:
    """ "3 min ago"."""
    at = instant.parse(job.started_at)
    return instant.relative(at) if at else "at an unknown time"


def _row(key: KeyDifference) -> dict[str, Any]:
    columns = {STORES[store]: names for store, names in key.fields.items() if names}
    return {
        "key": key.key,
        "missing": [STORES[store] for store in key.missing],
        "fields": "; ".join(f"{store}: {', '.join(names)}" for store, names in columns.items()),
        "newest_event": _place(key.newest_event),
        "cassandra_event": _place(key.cassandra_event),
    }


def _place(offset: TopicOffset | None) -> str | None:
    return f"{offset.partition} : {offset.offset}" if offset else None


def _start(session: PageSession, kind: JobKind) -> Callable[[], Awaitable[None]]:
    async def start() -> None:
        name = session.table.name
        principal = session.operator(kind.value, name)
        if kind is JobKind.REPAIR and not await confirmed(
            repair_question(name, session.context.jobs.newest(*KINDS, table=name)), "Yes, repair"
        ):
            return
        session.context.start(principal, kind, REQUESTS[kind](name))

    return start
