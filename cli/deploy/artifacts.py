"""The artifacts store: releases, which one is current, and which one should stream."""

from __future__ import annotations

from typing import Protocol

from cli.deploy.release import Release
from contract.stream.releases import ReleaseState


class Artifacts(Protocol):
    """A volume on this machine, the bucket on AWS. `contract/stream/releases.py` decides for both
    which releases stay."""

    def state(self) -> ReleaseState:
        """Which releases there are, which one Airflow parses, and which one should stream."""

    def put(self, release: Release) -> None:
        """Store the release; nothing reads it yet."""

    def activate(self, name: str) -> None:
        """Let Airflow parse that release, again if it is current already; "" for none."""

    def stream(self, name: str) -> None:
        """Name the release whose driver should run: drivers of others stop by themselves."""

    def prune(self) -> list[str]:
        """Remove old releases and return their names."""
