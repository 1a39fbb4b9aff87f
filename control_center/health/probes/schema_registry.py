"""The Schema Registry: does it hold the subject, and guard it with BACKWARD?"""

from __future__ import annotations

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.clients.http import Http
from control_center.config import SUBJECT
from control_center.health.result import ProbeResult, ProbeState

NAME = "schema-registry"


def compatibility(http: Http, url: str) -> str:
    """The level in force for the subject: its own, else the global one."""
    answer = http.json(f"{url}/config/{SUBJECT}", params={"defaultToGlobal": "true"})
    return str(answer["compatibilityLevel"])


def probe(clients: Clients) -> ProbeResult:
    url = clients.settings.schema_registry_url
    try:
        level = compatibility(clients.http, url)
        latest = clients.http.request("GET", f"{url}/subjects/{SUBJECT}/versions/latest")
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), error.component, {"url": url})
    evidence: dict[str, object] = {"subject": SUBJECT, "compatibility": level}
    if level != "BACKWARD":
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"compatibility is {level}, not BACKWARD: set it",
            NAME,
            evidence,
        )
    if latest.status_code == 404:
        return ProbeResult(
            NAME,
            ProbeState.WARN,
            "no schema yet: it comes with the first person",
            NAME,
            evidence,
        )
    if not latest.is_success:
        return ProbeResult(
            NAME,
            ProbeState.FAIL,
            f"{NAME}: answers {latest.status_code}",
            NAME,
            evidence,
        )
    schema = latest.json()
    evidence |= {"version": schema["version"], "id": schema["id"]}
    return ProbeResult(
        NAME,
        ProbeState.OK,
        f"{SUBJECT} version {schema['version']}, {level}",
        NAME,
        evidence,
    )
