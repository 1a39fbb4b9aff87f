"""Servers for the tests of the API's client and of whole runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dags.ingest.server import Server, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Retries follow at once."""
    from ingest import api

    monkeypatch.setattr(api.BACKOFF, "multiplier", 0.01)
    with serving() as server:
        yield server
