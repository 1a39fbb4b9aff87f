"""JSON over HTTP with the standard library."""

from __future__ import annotations

import base64
import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from cli.host.errors import CliError
from contract.errors import ErrorCode


class ResponseError(CliError):
    """The server answered with a status of 400 or above. `retry_after_s` is 0 without that
    header."""

    def __init__(
        self, status: int, body: str, url: str, retry_after: str = "", component: str = ""
    ) -> None:
        super().__init__(f"{url} answered {status}: {body[:500]}", component=component)
        self.status = status
        self.body = body
        self.retry_after_s = int(retry_after) if retry_after.isdecimal() else 0


class NoResponseError(CliError):
    """The address does not answer."""

    code = ErrorCode.UNREACHABLE


# Every address is a port of this machine, so requests ignore the environment's proxy.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(
    method: str,
    url: str,
    body: object = None,
    token: str = "",
    basic: tuple[str, str] | None = None,
    timeout_s: float = 30,
    component: str = "",
) -> Any:
    """Send `body` as JSON and return the decoded answer (None when it is empty).

    `token` is a bearer token, `basic` a user and password, `component` the service's name for
    errors. Raises ResponseError and NoResponseError.
    """
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if basic:
        encoded = base64.b64encode(":".join(basic).encode()).decode()
        headers["Authorization"] = f"Basic {encoded}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with _opener.open(request, timeout=timeout_s) as answer:
            content = answer.read()
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")
        retry_after = error.headers.get("Retry-After", "")
        raise ResponseError(error.code, text, url, retry_after, component) from None
    except (OSError, http.client.HTTPException) as error:
        cause = f"{url} does not answer: {error}"
        raise NoResponseError(cause, "run make status", component) from None
    return json.loads(content) if content else None
