"""Is Prometheus up, and are all of its scrape targets up?

A failure is only a warning: rows still arrive, and only history and alerts are missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from contract.errors import UnreachableError
from contract.health.details.prometheus import PrometheusDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("prometheus", "prometheus")


def probe(clients: Clients) -> ProbeResult:
    try:
        samples = clients.prometheus.now("up")
    except UnreachableError as error:
        return OUTCOME.warn(f"{error}; history and alerts are missing", None, error.component)
    return evaluate({labels["instance"]: value == 1 for labels, value in samples})


def evaluate(targets: Mapping[str, bool]) -> ProbeResult:
    """`targets`: name of a target → is it up?"""
    details = PrometheusDetails(targets)
    silent = sorted(target for target, up in targets.items() if not up)
    if silent:
        summary = f"{', '.join(silent)} gave no metrics at the last scrape"
        return OUTCOME.warn(summary, details, silent[0])
    return OUTCOME.ok(f"reads {len(targets)} targets", details)
