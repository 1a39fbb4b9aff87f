"""A day of history for Prometheus, in blocks of the form that Prometheus writes itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cli.clients.http import call
from cli.host import docker
from tests.harness.platform import Platform
from tests.harness.prometheus import query
from tests.harness.wait import eventually

BLOCK_S = 2 * 3600
DAY_S = 24 * 3600
# Job → seconds between samples; recorded series have no job. Other jobs: 15 s.
EVERY_S = {"control-center": 10, "": 5}
FLOW = "riada_rows_"
FRESH_S = {"riada:freshness_seconds:p50": 1.1, "riada:freshness_seconds:p99": 1.7}
FOLDER = "/var/lib/prometheus"
WRITE = f"cat >/tmp/day && promtool tsdb create-blocks-from openmetrics -q /tmp/day {FOLDER}"


@contextmanager
def a_day(platform: Platform, rate: float) -> Iterator[int]:
    """Give every current series a day of samples before its first one, with `rate` rows/s.

    Yields the number of samples, and deletes their blocks at the end.
    """
    series = query(platform, '{__name__=~".+"}')
    present = {sample["metric"]["__name__"] for sample in series}
    # absent while no rows flow
    absent = FRESH_S.keys() - present
    series += [{"metric": {"__name__": name}, "value": [0, "0"]} for name in absent]
    status = call("GET", f"{platform.installation.url('prometheus')}/api/v1/status/tsdb")["data"]
    end = status["headStats"]["minTime"] // 1000 - 1
    before = _blocks(platform)
    samples = 0
    for start in range(end - DAY_S, end, BLOCK_S):
        lines = [
            line
            for sample in series
            for line in _lines(sample, rate, start, min(start + BLOCK_S, end))
        ]
        samples += len(lines)
        _write(platform, "".join([*lines, "# EOF\n"]))
    newest = f"riada:rows_committed:rate2m @ {end - 60}"  # Prometheus reads blocks in their order
    eventually(lambda: query(platform, newest), "Prometheus has read the blocks", 240, 2)
    try:
        yield samples
    finally:
        new = [f"{FOLDER}/{block}" for block in _blocks(platform) - before]
        platform.run_in("prometheus", "rm", "-r", *new)


def _lines(sample: dict[str, Any], rate: float, start: int, end: int) -> Iterator[str]:
    """A series' samples between two times in OpenMetrics' text form."""
    labels, now = dict(sample["metric"]), float(sample["value"][1])
    name = labels.pop("__name__")
    step = EVERY_S.get(labels.get("job", ""), 15)
    text = ",".join(f'{key}="{_escaped(value)}"' for key, value in sorted(labels.items()))
    for at in range(start, end, step):
        if name.startswith(FLOW):
            value = rate * (at - start) + start
        elif name.startswith("riada:rows"):
            value = rate + at % 7
        elif name in FRESH_S:
            value = FRESH_S[name] + at % 11 / 20
        else:
            value = now + at % 97
        yield f"{name}{{{text}}} {value} {at}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _blocks(platform: Platform) -> set[str]:
    return {name for name in platform.run_in("prometheus", "ls", FOLDER).split() if len(name) == 26}


def _write(platform: Platform, text: str) -> None:
    """Write a block in a container beside the server, so that promtool has its own memory."""
    server = platform.container("prometheus")
    image = docker.inspect(server)[0]["Config"]["Image"]
    beside = ("--volumes-from", server, "--network", "none", "--entrypoint", "bash")
    command = [docker.docker(), "run", "--rm", "-i", *beside, image, "-c", WRITE]
    subprocess.run(command, input=text, text=True, capture_output=True, check=True)
