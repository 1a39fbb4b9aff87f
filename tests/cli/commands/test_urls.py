"""Addresses that `make urls` prints are those that clients take."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.commands import urls
from cli.installations.local import Installation
from contract.health.page_host import page_host


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


def test_the_pages_have_a_host_name_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 127.0.0.1 programs of other users would get the cookie of the session."""
    monkeypatch.setattr("cli.installations.local.ROOT", tmp_path)
    installation = Installation("riada", {"CONTROL_CENTER_PORT": "19021"})
    assert urls.address(installation, "control-center") == "http://127.0.0.1:19021"
    installation.secrets.mkdir(parents=True)
    (installation.secrets / "control-center-token").write_text("token\n")
    assert urls.address(installation, "control-center") == f"http://{page_host('token')}:19021"
