"""Addresses that `make urls` prints are those that clients take."""

from __future__ import annotations

from cli.commands import urls
from cli.installations.local import Installation


def test_the_registry_is_where_confluents_clients_ask() -> None:
    """Without the path the port answers 404 for /subjects."""
    printed = urls.text(Installation("riada", {"SCHEMA_REGISTRY_PORT": "18081"}))
    assert "http://127.0.0.1:18081/apis/ccompat/v7 " in printed


def test_clients_verify_the_servers() -> None:
    installation = Installation("riada", {"POSTGRES_PORT": "15432", "CASSANDRA_PORT": "19042"})
    ca = f"{installation.folder}/secrets/ca"
    assert urls.text(installation).endswith(
        '\npsql "host=localhost port=15432 dbname=people user=application '
        f'sslmode=verify-full sslrootcert={ca}"\n'
        f"SSL_CERTFILE={ca} cqlsh --ssl -u observer localhost 19042"
    )
