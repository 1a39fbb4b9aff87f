"""The Control Center's API, as this machine reaches it."""

from __future__ import annotations

import json
from typing import Any

from cli.clients.http import ResponseError, call
from cli.installations.local import Installation
from contract.errors import ErrorAnswer

SERVICE = "control-center"


def ask(
    installation: Installation,
    method: str,
    path: str,
    body: object = None,
    timeout_s: float = 60,
) -> Any:
    """Call e.g. `/api/status` with the installation's token. A ResponseError has the code,
    component, cause and remedy of the answer."""
    url = installation.url(SERVICE) + path
    token = installation.secret("control-center-token")
    try:
        return call(method, url, body, token, timeout_s=timeout_s, component=SERVICE)
    except ResponseError as error:
        answer = _answer(error.body)
        if answer is not None:
            error.code, error.component = answer.code, answer.component
            error.cause, error.remedy = answer.cause, answer.remedy
        raise


def _answer(body: str) -> ErrorAnswer | None:
    """None for a body that the Control Center did not write."""
    try:
        data = json.loads(body)
        return ErrorAnswer.from_json(data) if isinstance(data, dict) else None
    except ValueError:
        return None
