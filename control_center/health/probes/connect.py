"""Kafka Connect: does the worker answer, do connector and task run, and if not, why?"""

from __future__ import annotations

from typing import Any

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.config import CONNECTOR
from control_center.health.result import ProbeResult, ProbeState

NAME = "connect"
ORDERS = ("PAUSED", "STOPPED")
ORDERED = "somebody ordered that; Restart connector and task, on the page Stages, lets it run again"


def probe(clients: Clients) -> ProbeResult:
    try:
        response = clients.connect.request("GET", "/status")
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component)
    if response.status_code == 404:
        return ProbeResult(
            NAME, ProbeState.FAIL, f"the connector {CONNECTOR} is not registered", NAME
        )
    if not response.is_success:
        return ProbeResult(NAME, ProbeState.FAIL, f"connect: answers {response.status_code}", NAME)
    return evaluate(response.json())


def evaluate(status: dict[str, Any]) -> ProbeResult:
    """`status` is what /connectors/NAME/status answers."""
    connector, tasks = status["connector"], status["tasks"]
    evidence = {
        "connector": connector["state"],
        "tasks": {str(task["id"]): task["state"] for task in tasks},
        "worker": connector["worker_id"],
    }
    for what, part in [("connector", connector), *(("task", task) for task in tasks)]:
        if part["state"] == "RUNNING":
            continue
        cause = ORDERED if part["state"] in ORDERS else root_cause(part.get("trace") or "")
        evidence |= {
            "trace_first_line": (part.get("trace") or "").split("\n")[0],
            "cause": cause,
        }
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"Connect's {what} is {part['state']}" + (f": {cause}" if cause else ""),
            NAME,
            evidence,
        )
    if not tasks:
        return ProbeResult(
            NAME, ProbeState.FAIL, "the connector runs without a task", NAME, evidence
        )
    return ProbeResult(NAME, ProbeState.OK, "connector and task are RUNNING", NAME, evidence)


def root_cause(trace: str) -> str:
    """The innermost "Caused by:" of a Java trace, else its first line."""
    lines = trace.strip().splitlines()
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes[-1] if causes else lines[0] if lines else "")[:300]
