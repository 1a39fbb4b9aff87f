"""The Control Center's API, as this machine reaches it."""

from __future__ import annotations

from typing import Any

from cli.clients.http import call
from cli.installations.local import Installation

SERVICE = "control-center"


def ask(
    installation: Installation,
    method: str,
    path: str,
    body: object = None,
    timeout_s: float = 60,
) -> Any:
    """Call e.g. `/api/status` with the installation's token."""
    url = installation.url(SERVICE) + path
    token = installation.secret("control-center-token")
    return call(method, url, body, token, timeout_s=timeout_s, component=SERVICE)
