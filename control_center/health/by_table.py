"""The result of a probe that looks at every table: it names the table at fault and its cause, and
counts the other tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.health.details.base import ProbeDetails
from contract.health.result import ProbeResult
from contract.health.state import ProbeState
from control_center.health.outcome import Outcome

NONE_DEPLOYED = "no table is deployed: make deploy-dags"


@dataclass(frozen=True)
class Finding:
    """What a probe found about one table. `text` continues the table's name, such as "has halted:
    Cassandra takes no row". `component`: the service to act on, if it is not the probe's."""

    state: ProbeState
    text: str
    component: str = ""


def ok() -> Finding:
    return Finding(ProbeState.OK, "")


def warn(text: str, component: str = "") -> Finding:
    return Finding(ProbeState.WARN, text, component)


def fail(text: str, component: str = "") -> Finding:
    return Finding(ProbeState.FAIL, text, component)


def summarize(
    outcome: Outcome,
    findings: Mapping[str, Finding],
    summary: str,
    details: ProbeDetails | None,
    others: str = "deliver",
) -> ProbeResult:
    """`findings`: name of each table → what was found. `summary`: of the result if every table is
    ok. `others`: what tables without a fault do, such as "deliver"."""
    if not findings:
        return outcome.ok(NONE_DEPLOYED, details)
    for state in (ProbeState.FAIL, ProbeState.WARN):
        faulty = [name for name, finding in sorted(findings.items()) if finding.state is state]
        if faulty:
            first = findings[faulty[0]]
            parts = [f"{faulty[0]} {first.text}"]
            if faulty[1:]:
                parts.append(f"also {', '.join(faulty[1:])}")
            if fine := sum(finding.state is ProbeState.OK for finding in findings.values()):
                parts.append(other_tables(fine, others))
            make = outcome.fail if state is ProbeState.FAIL else outcome.warn
            return make("; ".join(parts), details, first.component)
    return outcome.ok(summary, details)


def other_tables(count: int, verb: str) -> str:
    """ "1 other table delivers", "3 other tables deliver"."""
    return f"1 other table {_singular(verb)}" if count == 1 else f"{count} other tables {verb}"


def tables(count: int) -> str:
    """ "1 table", "3 tables"."""
    return "1 table" if count == 1 else f"{count} tables"


def _singular(verb: str) -> str:
    word, space, rest = verb.partition(" ")
    return {"are": "is", "have": "has"}.get(word, f"{word}s") + space + rest
