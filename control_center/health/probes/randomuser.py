"""The source of people: does it give one?"""

from __future__ import annotations

import json

from contract.errors import UnreachableError
from control_center.clients.clients import Clients
from control_center.health.result import ProbeResult, ProbeState

NAME = "randomuser"


def probe(clients: Clients) -> ProbeResult:
    url = clients.settings.randomuser_url
    evidence = {"url": url}
    try:
        response = clients.http.request("GET", url, NAME, params={"results": 1, "inc": "nat"})
    except UnreachableError as error:
        return ProbeResult(NAME, ProbeState.FAIL, str(error), NAME, evidence)
    if response.status_code in (429, 503):
        return ProbeResult(
            NAME,
            ProbeState.WARN,
            f"randomuser: answers {response.status_code}, so no new people come; ingest_users "
            "asks again",
            NAME,
            evidence,
        )
    return evaluate(response.status_code, response.content, url)


def evaluate(status: int, content: bytes, url: str) -> ProbeResult:
    """`content`: what it answers when it is asked for one person."""
    evidence = {"url": url}
    if not 200 <= status < 300:
        return ProbeResult(
            NAME, ProbeState.FAIL, f"{url} answers {status} without people", NAME, evidence
        )
    try:
        people = json.loads(content)["results"]
    except (LookupError, TypeError, ValueError, RecursionError):
        people = None
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        summary = f"{url} answers {status} in another format than API 1.4: is RANDOMUSER_URL right?"
        return ProbeResult(NAME, ProbeState.FAIL, summary, NAME, evidence)
    if not people:
        summary = (
            f"{url} answers {status} and no people, so no new ones come: ingest_users asks it "
            "again; or take another source, make up RANDOMUSER_URL=…"
        )
        return ProbeResult(NAME, ProbeState.FAIL, summary, NAME, evidence)
    return ProbeResult(NAME, ProbeState.OK, "gives people", NAME, evidence)
