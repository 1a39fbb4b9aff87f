"""The Schema Registry: does it hold the subject, and guard it with BACKWARD?"""

from __future__ import annotations

from control_center.clients.clients import Engines
from control_center.clients.http import Http
from control_center.clients.liveness import UnreachableError
from control_center.config import SUBJECT
from control_center.health.result import Result, State

NAME = "schema-registry"


def compatibility(http: Http, url: str) -> str:
    """The level in force for the subject: its own, else the global one."""
    answer = http.json(f"{url}/config/{SUBJECT}", params={"defaultToGlobal": "true"})
    return str(answer["compatibilityLevel"])


def probe(engines: Engines) -> Result:
    url = engines.settings.schema_registry_url
    try:
        level = compatibility(engines.http, url)
        latest = engines.http.request("GET", f"{url}/subjects/{SUBJECT}/versions/latest")
    except UnreachableError as error:
        return Result(NAME, State.FAIL, f"the Schema Registry {error}", NAME, {"url": url})
    evidence: dict[str, object] = {"subject": SUBJECT, "compatibility": level}
    if level != "BACKWARD":
        return Result(
            NAME,
            State.FAIL,
            f"compatibility is {level}, not BACKWARD: set it",
            NAME,
            evidence,
        )
    if latest.status_code == 404:
        return Result(
            NAME,
            State.WARN,
            "no schema yet: it comes with the first person",
            NAME,
            evidence,
        )
    if not latest.is_success:
        return Result(
            NAME,
            State.FAIL,
            f"the Schema Registry answers {latest.status_code}",
            NAME,
            evidence,
        )
    schema = latest.json()
    evidence |= {"version": schema["version"], "id": schema["id"]}
    return Result(
        NAME,
        State.OK,
        f"{SUBJECT} version {schema['version']}, {level}",
        NAME,
        evidence,
    )
