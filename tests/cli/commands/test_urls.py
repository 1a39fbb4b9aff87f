"""Addresses that `make urls` prints are those that clients take."""

from __future__ import annotations

from cli.commands import urls
from cli.installations.local import Installation


def test_the_registry_is_where_confluents_clients_ask() -> None:
    """Without the path the port answers 404 for /subjects."""
    printed = urls.text(Installation("riada", {"SCHEMA_REGISTRY_PORT": "18081"}))
    assert "http://127.0.0.1:18081/apis/ccompat/v7 " in printed
