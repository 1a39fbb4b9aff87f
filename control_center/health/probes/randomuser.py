"""The source of people: does it give one?"""

from __future__ import annotations

import json

from control_center.clients.clients import Engines
from control_center.clients.liveness import UnreachableError
from control_center.health.result import Result, State

NAME = "randomuser"


def probe(engines: Engines) -> Result:
    url = engines.settings.randomuser_url
    evidence = {"url": url}
    try:
        response = engines.http.request("GET", url, params={"results": 1, "inc": "nat"})
    except UnreachableError as error:
        return Result(NAME, State.FAIL, f"the source of people {error}", NAME, evidence)
    if response.status_code in (429, 503):
        return Result(
            NAME,
            State.WARN,
            f"the source of people answers {response.status_code}: no new rows until it gives "
            "some, ingest_users asks again",
            NAME,
            evidence,
        )
    return judge(response.status_code, response.content, url)


def judge(status: int, content: bytes, url: str) -> Result:
    """`content`: what it answers when it is asked for one person."""
    evidence = {"url": url}
    if not 200 <= status < 300:
        return Result(NAME, State.FAIL, f"{url} answers {status} without people", NAME, evidence)
    try:
        people = json.loads(content)["results"]
    except (LookupError, TypeError, ValueError, RecursionError):
        people = None
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        summary = f"{url} answers {status} in another format than API 1.4: is RANDOMUSER_URL right?"
        return Result(NAME, State.FAIL, summary, NAME, evidence)
    if not people:
        summary = (
            f"{url} answers {status} and no people, so no new ones come: ingest_users asks it "
            "again; or take another source, make up RANDOMUSER_URL=…"
        )
        return Result(NAME, State.FAIL, summary, NAME, evidence)
    return Result(NAME, State.OK, "gives people", NAME, evidence)
