"""The source of people: does it hand out one?"""

from __future__ import annotations

from control_center.clients.wire import UnreachableError
from control_center.engines import Engines
from control_center.probes.result import Result, State

NAME = "randomuser"


def probe(engines: Engines) -> Result:
    url = engines.settings.randomuser_url
    evidence = {"url": url}
    try:
        answer = engines.http.json(url, params={"results": 1, "inc": "nat", "noinfo": ""})
    except UnreachableError as error:
        return Result(NAME, State.FAIL, f"the source of people {error}", NAME, evidence)
    people = answer.get("results") if isinstance(answer, dict) else None
    if not people:
        return Result(NAME, State.FAIL, "the source answers without people", NAME, evidence)
    return Result(NAME, State.OK, "hands out people", NAME, evidence)
