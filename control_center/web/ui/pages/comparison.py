"""The last comparison of PostgreSQL, topic and Cassandra, with the very keys that differ."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from contract.jobs.compare import CompareRequest, CompareResult, KeyDifference
from contract.jobs.job import JobKind, JobState
from contract.jobs.repair import RepairRequest
from contract.kafka.offsets import TopicOffset
from control_center.jobs.runner import BusyError, Job
from control_center.web.context import AppContext
from control_center.web.ui.components import ErrorBanner, Table, section, with_error_banner

STORES = {"postgres": "PostgreSQL", "topic": "Topic", "cassandra": "Cassandra"}
KINDS = (JobKind.COMPARE, JobKind.REPAIR)
REQUESTS = {JobKind.COMPARE: CompareRequest(), JobKind.REPAIR: RepairRequest()}


def build(context: AppContext, request: Request) -> None:
    """The section, kept up to date while a comparison runs."""
    with section("Comparison"):
        state = ui.label().props('role="status"')
        banner = ErrorBanner()
        with ui.row():
            for kind, text in zip(KINDS, ("Compare now", "Repair what differs")):
                button = ui.button(
                    text, on_click=with_error_banner(banner, _starter(context, request, kind))
                )
                button.props("outline no-caps")
                button.set_enabled(context.reader(request).operates)
        columns = {"store": "Store", "count": "People", "checksum": "Checksum over every field"}
        stores = Table("Counts and checksums", columns, "Not compared yet")
        keys = Table(
            "Keys that differ",
            {
                "person": "Key",
                "missing": "Not in",
                "fields": "Fields that differ",
                "newest_event": "Newest on the topic (partition : offset)",
                "cassandra_event": "Cassandra's is from",
            },
            "No key differs",
        )

    def show() -> None:
        job = context.jobs.newest(*KINDS)
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

    ui.timer(2.0, show)


def comparison_of(job: Job | None) -> CompareResult | None:
    """The result of a finished comparison or repair; None while it runs or if it broke."""
    if job is None or job.state is not JobState.DONE or job.result is None:
        return None
    return CompareResult.from_json(job.result)


def sentence(job: Job | None) -> str:
    """The state of the last comparison in a sentence."""
    if job is None:
        return "Not compared since the Control Center started."
    status, kind = job.status(), job.kind.value
    if status.state is JobState.RUNNING:
        return f"A {kind} is running: {status.progress[-1] if status.progress else 'it begins'}"
    result, at = comparison_of(job), status.started_at
    if result is None:
        error = (status.result or {}).get("error", "no cause given")
        return f"The {kind} of {at} failed: {error}"
    unaccounted = result.offsets.unaccounted
    lost = f"; {unaccounted:,} offsets unaccounted for" if unaccounted else ""
    if result.equal:
        return f"{at}: all three are equal in every field{lost}."
    return f"{at}: {result.differing:,} people differ{lost}. The first {len(result.keys)}:"


def _row(key: KeyDifference) -> dict[str, Any]:
    columns = {STORES[store]: names for store, names in key.fields.items() if names}
    return {
        "person": key.id,
        "missing": [STORES[store] for store in key.missing],
        "fields": "; ".join(f"{store}: {', '.join(names)}" for store, names in columns.items()),
        "newest_event": _place(key.newest_event),
        "cassandra_event": _place(key.cassandra_event),
    }


def _place(offset: TopicOffset | None) -> str | None:
    return f"{offset.partition} : {offset.offset}" if offset else None


def _starter(context: AppContext, request: Request, kind: JobKind) -> Any:
    async def start() -> None:
        principal = context.operator(request, kind.value)
        try:
            context.start(principal, kind, REQUESTS[kind])
        except BusyError as error:
            raise ValueError(str(error)) from error

    return start
