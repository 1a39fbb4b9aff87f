"""The last comparison of PostgreSQL, topic and Cassandra, with the very keys that differ."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui

from control_center.jobs.runner import BusyError, Job
from control_center.web.context import AppContext
from control_center.web.ui.components import ErrorBanner, Table, section, with_error_banner

SIDES = {"postgres": "PostgreSQL", "topic": "Topic", "cassandra": "Cassandra"}
KINDS = ("compare", "repair")


def build(context: AppContext, request: Request) -> None:
    """The section, kept up to date while a comparison runs."""
    with section("Comparison"):
        state = ui.label().props('role="status"')
        banner = ErrorBanner()
        with ui.row():
            for kind, text in (("compare", "Compare now"), ("repair", "Repair what differs")):
                button = ui.button(
                    text, on_click=with_error_banner(banner, _starter(context, request, kind))
                )
                button.props("outline no-caps")
                button.set_enabled(context.reader(request).operates)
        columns = {"side": "Side", "count": "People", "checksum": "Checksum over every field"}
        sides = Table("Counts and checksums", columns, "Not compared yet")
        changed_columns = Table(
            "Keys that differ",
            {
                "person": "Key",
                "missing": "Not in",
                "fields": "Fields that differ",
                "newest": "Newest on the topic (partition : offset)",
                "held": "Cassandra's is from",
            },
            "No key differs",
        )

    def show() -> None:
        job = context.jobs.newest(*KINDS)
        state.set_text(told(job))
        result = (job.result if job and job.state != "running" else None) or {}
        sides.show([{"side": name} | result.get(side, {}) for side, name in SIDES.items()])
        sides.element.set_visibility("postgres" in result)
        changed_columns.show([_row(key) for key in result.get("keys", [])])
        changed_columns.element.set_visibility(bool(result.get("keys")))

    ui.timer(2.0, show)


def told(job: Job | None) -> str:
    """The last comparison in a sentence."""
    if job is None:
        return "Not compared since the Control Center started."
    what = job.as_json()
    if job.state == "running":
        return f"A {job.kind} is running: {what['progress'][-1] if what['progress'] else 'begins'}"
    result, at = job.result or {}, what["started_at"]
    if "equal" not in result:
        return f"The {job.kind} of {at} broke off: {result.get('error', 'no cause given')}"
    offsets = result["offsets"]
    lost = f"; {offsets['unaccounted']:,} offsets unaccounted for" * bool(offsets["unaccounted"])
    if result["equal"]:
        return f"{at}: all three are equal in every field{lost}."
    shown = len(result["keys"])
    return f"{at}: {result['differing']:,} people differ{lost}. The first {shown}:"


def _row(key: dict[str, Any]) -> dict[str, Any]:
    fields = {SIDES[side]: names for side, names in key["fields"].items() if names}
    return {
        "person": key["id"],
        "missing": [SIDES[side] for side in key["missing"]],
        "fields": "; ".join(f"{side}: {', '.join(names)}" for side, names in fields.items()),
        "newest": _place(key["newest"]),
        "held": _place(key["held"]),
    }


def _place(place: list[int] | None) -> str | None:
    return f"{place[0]} : {place[1]}" if place else None


def _starter(context: AppContext, request: Request, kind: str) -> Any:
    async def start() -> None:
        principal = context.operator(request, kind)
        try:
            context.start(principal, kind, {})
        except BusyError as error:
            raise ValueError(str(error)) from error

    return start
