"""The source of people: does it deliver people?"""

from __future__ import annotations

import json

from contract.health.details.randomuser import RandomuserDetails
from contract.health.result import ProbeResult
from control_center.clients.clients import Clients
from control_center.health.outcome import Outcome

OUTCOME = Outcome("randomuser", "randomuser")


def probe(clients: Clients) -> ProbeResult:
    url = clients.settings.randomuser_url
    query = {"results": 1, "inc": "nat"}
    response = clients.http.request("GET", url, OUTCOME.component, params=query)
    return evaluate(response.status_code, response.content, url)


def evaluate(status: int, content: bytes, url: str) -> ProbeResult:
    """`content`: the body of the answer to a request for one person."""
    details = RandomuserDetails(url)
    if status in (429, 503):
        summary = f"answers {status}, so no new people come; ingest_users asks again"
        return OUTCOME.warn(f"{OUTCOME.component}: {summary}", details)
    if not 200 <= status < 300:
        return OUTCOME.fail(f"{url} answers {status} without people", details)
    try:
        people = json.loads(content)["results"]
    except (LookupError, TypeError, ValueError, RecursionError):
        people = None
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        return OUTCOME.fail(
            f"{url} answers {status} in another format than API 1.4: is RANDOMUSER_URL right?",
            details,
        )
    if not people:
        return OUTCOME.fail(
            f"{url} answers {status} and no people, so no new people come: ingest_users asks "
            "again; or take another source, make up RANDOMUSER_URL=…",
            details,
        )
    return OUTCOME.ok("delivers people", details)
