"""The Control Center's API, through a port of this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from cli.clients.http import ResponseError, call
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.errors import ErrorAnswer
from contract.health.page_host import SECRET

SERVICE = "control-center"

R = TypeVar("R")


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
    token = installation.secret(SECRET)
    try:
        return call(method, url, body, token, timeout_s=timeout_s, component=SERVICE)
    except ResponseError as error:
        answer = _answer(error.body)
        if answer is not None:
            error.code, error.component = answer.code, answer.component
            error.cause, error.remedy = answer.cause, answer.remedy
        raise


def decoded(read: Callable[[Any], R], answer: Any) -> R:
    """The answer as `read` makes it from JSON, such as HealthReport.from_json. Raises CliError for
    an answer of another form: the platform that runs may be of another release than this
    checkout."""
    try:
        return read(answer)
    except (AttributeError, TypeError, ValueError) as error:
        raise CliError(
            f"answers in another form than this checkout reads ({error})",
            "if the platform is of another release, make up brings it to this one",
            SERVICE,
        ) from error


def _answer(body: str) -> ErrorAnswer | None:
    """None for a body that the Control Center did not write."""
    try:
        data = json.loads(body)
        return ErrorAnswer.from_json(data) if isinstance(data, dict) else None
    except ValueError:
        return None
