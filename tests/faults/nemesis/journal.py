"""Faults end also when the test that caused them dies: a file has the names of those that last."""

from __future__ import annotations

import atexit
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.host.paths import ROOT
from tests.faults.nemesis.fault import Fault
from tests.harness.platform import Platform


class Journal:
    """`path`: outside the installation's folder, which a destroyed platform takes with it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of(cls, platform: Platform) -> Journal:
        return cls(ROOT / f".riada/faults-of-{platform.installation.project}.json")

    def names(self) -> list[str]:
        return list(json.loads(self._path.read_text())) if self._path.exists() else []

    def add(self, name: str) -> None:
        self._write([*self.names(), name])

    def remove(self, name: str) -> None:
        self._write([each for each in self.names() if each != name])

    def _write(self, names: list[str]) -> None:
        self._path.parent.mkdir(exist_ok=True)
        self._path.write_text(json.dumps(names))

    def heal(self, platform: Platform, faults: Sequence[Fault]) -> None:
        """End the faults that an earlier run left behind."""
        for fault in faults:
            if fault.name in self.names():
                print(f"\nan earlier run left {fault.name}: it ends now", flush=True)
                fault.heal(platform)
                fault.clean(platform)
                self.remove(fault.name)


@contextmanager
def injected(platform: Platform, fault: Fault) -> Iterator[None]:
    """The fault, from the call of `inject` until the block ends, in whatever way. The journal has
    it until `cleaned`."""
    journal = Journal.of(platform)

    def heal() -> None:
        atexit.unregister(heal)
        fault.heal(platform)

    journal.add(fault.name)
    atexit.register(heal)
    try:
        fault.inject(platform)
        yield
    finally:
        heal()


def cleaned(platform: Platform, fault: Fault) -> None:
    fault.clean(platform)
    Journal.of(platform).remove(fault.name)
