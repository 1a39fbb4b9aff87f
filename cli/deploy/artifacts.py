"""The artifacts store: the releases, the current release, and the release that should stream."""

from __future__ import annotations

from typing import Protocol

from cli.deploy.release import Release
from contract.stream.releases import ReleaseState


class Artifacts(Protocol):
    """A volume on this machine, the bucket on AWS. For both, `contract/stream/releases.py` decides
    which releases stay."""

    def state(self) -> ReleaseState:
        """The releases, the one that Airflow parses, and the one that should stream."""

    def put(self, release: Release) -> None:
        """Store the release, which no program reads yet."""

    def activate(self, name: str) -> None:
        """Let Airflow parse that release, again if it is current already; "" for none."""

    def stream(self, name: str) -> None:
        """Name the release whose driver should run. Drivers of other releases stop by
        themselves."""

    def prune(self) -> list[str]:
        """Remove old releases and return their names."""
