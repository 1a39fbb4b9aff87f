"""Prometheus: does it answer, and what it reads: does that answer it?

Without it people still arrive; only history and alerts are missing: a warning.
"""

from __future__ import annotations

from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState

NAME = "prometheus"


def probe(clients: Clients) -> ProbeResult:
    url = f"{clients.settings.prometheus_url}/api/v1/query"
    try:
        answer = clients.http.json(url, params={"query": "up"})
    except UnreachableError as error:
        return ProbeResult(
            NAME, ProbeState.WARN, f"{error}: no history and no alerts", error.component
        )
    return evaluate(answer["data"]["result"])


def evaluate(series: list[dict[str, Any]]) -> ProbeResult:
    """`series`: the vector that the query `up` answers with, one sample a target."""
    targets = {one["metric"]["instance"]: one["value"][1] == "1" for one in series}
    evidence = {"targets": targets}
    silent = sorted(target for target, up in targets.items() if not up)
    if silent:
        summary = f"{', '.join(silent)} gave no metrics when last asked"
        return ProbeResult(NAME, ProbeState.WARN, summary, silent[0], evidence)
    return ProbeResult(NAME, ProbeState.OK, f"reads {len(targets)} targets", NAME, evidence)
