"""Turns the results of all probes into one sentence: the first failure and its cause."""

from __future__ import annotations

from collections.abc import Sequence

from contract.health.details.capture import CaptureDetails
from contract.health.details.connect import ConnectDetails
from contract.health.details.lag import LagDetails
from contract.health.details.slot import SlotDetails
from contract.health.details.verification import VerificationDetails
from contract.health.diagnosis import Diagnosis, with_component
from contract.health.result import ProbeResult, details_of
from contract.health.state import ProbeState

DATABASES = "databases"
# Probes of what every table needs.
PLATFORM = ("airflow", "zookeeper", "kafka", "schema-registry", "connect", "spark", "cassandra")


def diagnose(results: Sequence[ProbeResult]) -> Diagnosis | None:
    """The first failure, None if nothing failed. `results` are in the order of dependency, so the
    first failure is the root cause, and later ones may be its consequences (invariant 4). A server
    of other databases stops only their tables, so it hides no failure of the platform."""
    failed = [result for result in results if result.state is ProbeState.FAIL]
    if failed and failed[0].name == DATABASES:
        failed = [*filter(_is_of_platform, failed), *failed]
    if not failed:
        return None
    return Diagnosis(failed[0].name, failed[0].component, failed[0].summary)


def _is_of_platform(result: ProbeResult) -> bool:
    """A failure that stops the tables of Riada's own database too."""
    if isinstance(result.details, ConnectDetails | SlotDetails):
        # by_database.py and capture_backlog.py begin a failure of another database so.
        return not any(result.summary.startswith(f"{name}: ") for name in result.details.databases)
    return result.name in PLATFORM


def warnings(results: Sequence[ProbeResult]) -> list[ProbeResult]:
    """The warnings before the first failure: one of them may be its cause. Later ones are dropped,
    since they may be its consequences."""
    before_failure = []
    for result in results:
        if result.state is ProbeState.FAIL:
            break
        if result.state is ProbeState.WARN:
            before_failure.append(result)
    return before_failure


def sentence(
    results: Sequence[ProbeResult], since_s: float = 0.0, rows_in_slot: int | None = None
) -> str:
    """The diagnosis, its duration, and the number of waiting rows; without a failure, the delay of
    the newest rows and how far they are verified, unless existing rows of a table are still being
    read. Warnings follow.
    `rows_in_slot`: committed rows that are not on the topic, None if unknown."""
    diagnosis = diagnose(results)
    if diagnosis is None:
        delivery = next((r.summary for r in results if r.name == "lag"), "every component answers")
        parts = [being_read(results) or with_verification(results, delivery)]
    else:
        parts = [str(diagnosis)]
        if since_s >= 60:
            parts.append(f"for {duration(since_s)}")
        if rows_in_slot:
            parts.append(f"{rows_in_slot:,} rows wait in the slot")
        lag = details_of(results, LagDetails)
        if lag is not None and lag.waiting and diagnosis.stage != "lag":
            parts.append(f"{lag.waiting:,} rows wait on the topic")
        parts += [
            with_component(result.component, result.summary)
            for result in results
            if result.name == DATABASES != diagnosis.stage and result.state is ProbeState.FAIL
        ]
    parts += [with_component(result.component, result.summary) for result in warnings(results)]
    return "; ".join(parts)


def with_verification(results: Sequence[ProbeResult], delivery: str) -> str:
    """What is delivered, and how far that is verified. A warning about it follows by itself."""
    details = details_of(results, VerificationDetails)
    if details is None or not details.tables:
        return delivery
    result = next(result for result in results if result.details is details)
    return f"{delivery}, {result.summary}" if result.state is ProbeState.OK else delivery


def being_read(results: Sequence[ProbeResult]) -> str:
    """Whose existing rows are being read, as a part of the sentence; "" if there are none."""
    capture = details_of(results, CaptureDetails)
    names = ", ".join(capture.being_read) if capture else ""
    return f"existing rows of {names} are being read" if names else ""


def duration(seconds: float) -> str:
    """75 → "1 min", 7,300 → "2 h 1 min"."""
    hours, minutes = divmod(int(seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
