"""Time passes only while a command sleeps."""

from __future__ import annotations

import pytest

from cli.deploy import parsing
from cli.host import poll


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    fake = Clock()
    for module in (poll, parsing):
        monkeypatch.setattr(module, "time", fake)
    return fake
