"""The streaming driver, through the Spark master."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cli.clients.http import call
from contract.kafka import topics
from contract.stream.application import is_application
from contract.stream.dags import STREAM
from contract.table.table import Table
from tests.harness.platform import Platform
from tests.harness.wait import eventually

QUIET_S = 10
# The token is not an argument: the process list shows arguments.
KILL = r"""
curl -sS -X DELETE --cacert /run/secrets/ca --config - "https://spark-master:6066/drivers/$1" \
    <<<"header = \"Authorization: Bearer $(</run/secrets/spark-submit)\""
"""


def master(platform: Platform) -> dict[str, Any]:
    """The state of the Spark master, as its page /json/ has it."""
    return dict(call("GET", f"{platform.installation.url('spark-master')}/json/"))


def running_drivers(platform: Platform) -> list[str]:
    """Ids of the running drivers."""
    drivers = master(platform)["activedrivers"]
    return [driver["id"] for driver in drivers if driver["state"] == "RUNNING"]


def application(platform: Platform) -> str:
    """Id of the running streaming application; a restarted driver has another id."""
    [app] = [app for app in master(platform)["activeapps"] if is_application(app["name"])]
    return str(app["id"])


def stop_driver(platform: Platform) -> None:
    """Kill drivers until none has run for QUIET_S.

    A kill through the master's gateway is intended, so supervision does not restart the driver. A
    task whose run has just ended may submit one more driver.
    """
    seen = time.monotonic()

    def quiet() -> bool:
        nonlocal seen
        for driver in running_drivers(platform):
            seen = time.monotonic()
            answer = platform.run_in("spark-master", "bash", "-c", KILL, "bash", driver)
            assert json.loads(answer)["success"], answer
        return time.monotonic() - seen > QUIET_S

    eventually(quiet, f"no driver runs for {QUIET_S} s", 90)


@contextmanager
def without_driver(platform: Platform) -> Iterator[None]:
    """Stop the driver, and pause the DAG that would start another."""
    platform.pause(STREAM, True)
    try:
        platform.end_runs(STREAM)
        stop_driver(platform)
        yield
    finally:
        platform.pause(STREAM, False)
        eventually(lambda: running_drivers(platform), "a driver runs again", 240)


SKIP = r"""
import json, pathlib, sys
table, topic, partition, offset = *sys.argv[1:4], int(sys.argv[4])
epoch = max(path.parent for path in pathlib.Path("/checkpoint", table).glob("*/begun"))
done = max(int(path.name) for path in (epoch / "commits").iterdir() if path.name.isdigit())
for path in list((epoch / "offsets").iterdir()):
    number = path.name.strip(".").removesuffix(".crc")
    if path.name.startswith(".") or int(number) > done:
        path.unlink()  # checksums of what changes; what was planned
file = epoch / "offsets" / str(done)
*head, last = file.read_text().rstrip().split("\n")
places = json.loads(last)
assert places[topic][partition] == offset, places
places[topic][partition] = offset + 1
file.write_text("\n".join([*head, json.dumps(places)]))
"""


def skip(platform: Platform, table: Table, partition: int, offset: int) -> None:
    """While no driver runs, make the next driver skip the message of a table with which it would
    begin."""
    arguments = (table.name, topics.events(table).name, str(partition), str(offset))
    platform.run_in("spark-worker-1", "python3", "-c", SKIP, *arguments)
