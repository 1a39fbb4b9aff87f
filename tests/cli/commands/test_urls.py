"""Addresses that `make urls` prints are those that clients take."""

from __future__ import annotations

from cli.commands import urls
from cli.installations.local import Installation


def test_the_registry_is_where_confluents_clients_ask() -> None:
    """Without the path the port answers 404 for /subjects."""
    printed = urls.text(Installation("riada", {"SCHEMA_REGISTRY_PORT": "18081"}))
    assert "http://127.0.0.1:18081/apis/ccompat/v7 " in printed


def test_psql_verifies_the_server() -> None:
    installation = Installation("riada", {"POSTGRES_PORT": "15432"})
    assert urls.text(installation).endswith(
        '\npsql "host=localhost port=15432 dbname=people user=application '
        f'sslmode=verify-full sslrootcert={installation.folder}/secrets/ca"'
    )
