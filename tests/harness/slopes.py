"""Memory and disk of containers over time, and how fast each grows."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from cli.host import docker
from tests.harness.engine_host import on_engine_host
from tests.harness.platform import Platform

EVERY_S = 30
_UNITS = {"B": 1 / (1 << 20), "kB": 1e3 / (1 << 20), "KiB": 1 / 1024, "MiB": 1, "GiB": 1024}
_DISK = (
    'for volume; do echo "$(basename "$(dirname "$volume")") $(du -sk "$volume" | cut -f1)"; done'
)


@dataclass
class Samples:
    """Name → (seconds, MiB), such as "kafka-1 memory" and "riada-kafka-1 disk"."""

    of: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def table(self) -> str:
        """A line for each name: first and last value, and the slope of the second half."""
        lines = []
        for name, values in sorted(self.of.items()):
            half = values[len(values) // 2 :]
            lines.append(
                f"{name}: {values[0][1]:.0f} → {values[-1][1]:.0f} MiB,"
                f" {slope(half) * 3600:+.0f} MiB/h in the second half"
            )
        return "\n".join(lines)


def slope(values: Sequence[tuple[float, float]]) -> float:
    """Of the line of least squares through (x, y); 0 for fewer than two points."""
    if len(values) < 2:
        return 0.0
    mean_x = sum(x for x, _ in values) / len(values)
    mean_y = sum(y for _, y in values) / len(values)
    spread = sum((x - mean_x) ** 2 for x, _ in values)
    return sum((x - mean_x) * (y - mean_y) for x, y in values) / spread if spread else 0.0


def mebibytes(shown: str) -> float:
    """ "1.5GiB / 2GiB" → 1536."""
    match = re.match(r"([0-9.]+)([A-Za-z]+)", shown)
    if not match:
        raise ValueError(f"no amount of memory: {shown}")
    return float(match[1]) * _UNITS[match[2]]


@contextmanager
def sampled(platform: Platform) -> Iterator[Samples]:
    """Sample every EVERY_S seconds until the block ends."""
    samples, stop = Samples(), threading.Event()

    def work() -> None:
        began = time.monotonic()
        while not stop.is_set():
            try:
                _sample(platform, samples, time.monotonic() - began)
            except Exception as error:  # a container may just be starting
                print(f"no sample: {error}", flush=True)
            stop.wait(EVERY_S)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield samples
    finally:
        stop.set()
        thread.join()


def _sample(platform: Platform, samples: Samples, at: float) -> None:
    project = platform.installation.project
    names = docker.named("container", project)
    command = [docker.docker(), "stats", "--no-stream", "--format", "{{json .}}", *names]
    shown = subprocess.run(command, text=True, capture_output=True, check=True).stdout
    for line in shown.splitlines():
        container = json.loads(line)
        used = mebibytes(container["MemUsage"])
        if used:
            samples.of[f"{container['Name']} memory"].append((at, used))
    volumes = docker.named("volume", project)
    folders = docker.lines("volume", "inspect", "--format", "{{.Mountpoint}}", *volumes)
    for line in on_engine_host(platform, _DISK, *folders).splitlines():
        volume, kib = line.split()
        samples.of[f"{volume} disk"].append((at, int(kib) / 1024))
