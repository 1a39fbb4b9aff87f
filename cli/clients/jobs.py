"""A long job of the Control Center: started, followed line by line, its result at the end."""

from __future__ import annotations

import time
from typing import Any

from cli.clients import control_center
from cli.clients.http import Refused, Unreachable
from cli.host import output
from cli.host.output import Fault
from cli.installations.local import Installation


def run(here: Installation, kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The job's result; a Fault if another runs already, or if the job itself breaks."""
    try:
        number = control_center.ask(here, "POST", f"/api/{kind}", arguments)["id"]
    except Refused as refused:
        if refused.status == 409:
            raise Fault(refused.body, "wait until it has ended, then the same again") from None
        raise
    since, missed = 0, 0
    while True:
        time.sleep(0.5)
        try:
            job = control_center.ask(
                here, "GET", f"/api/{kind}/{number}?since={since}", timeout_s=15
            )
        except Unreachable:
            missed += 1
            if missed > 20:
                raise
            continue
        missed, since = 0, job["next"]
        for line in job["progress"]:
            output.progress(line.split("] ", 1)[-1])
        if job["state"] == "failed":
            raise Fault(f"{kind} broke: {job['result']['error']}", "make logs S=control-center")
        if job["state"] == "done":
            result: dict[str, Any] = job["result"]
            return result
