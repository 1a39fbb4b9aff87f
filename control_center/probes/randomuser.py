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
    if not response.is_success or b'"results"' not in response.content:
        return Result(
            NAME, State.FAIL, f"answers {response.status_code} without people", NAME, evidence
        )
    return Result(NAME, State.OK, "hands out people", NAME, evidence)
