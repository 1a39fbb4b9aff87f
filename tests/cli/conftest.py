"""A clock, and an installation whose services are a server of the test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cli.deploy import parsing
from cli.host import poll
from cli.installations import target
from cli.installations.local import Installation
from tests.cli.clock import Clock
from tests.cli.server import JsonServer, serving


@dataclass(frozen=True)
class OneServer(Installation):
    """Every service has the same address; a secret's value is its name."""

    address: str = ""

    def url(self, kind: str) -> str:
        return self.address

    def secret(self, name: str) -> str:
        return name


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of everything that waits."""
    fake = Clock()
    for module in (poll, parsing):
        monkeypatch.setattr(module, "time", fake)
    return fake


@pytest.fixture
def server() -> Iterator[JsonServer]:
    with serving() as server:
        yield server


@pytest.fixture
def installation(server: JsonServer, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The installation that commands act on."""
    installation = OneServer("riada-unit", {}, server.url)
    monkeypatch.setattr(target, "current", lambda: installation)
    monkeypatch.setattr(Installation, "current", lambda: installation)
    monkeypatch.delenv("JSON", raising=False)
    return installation
