"""JSON over HTTP with the standard library."""

from __future__ import annotations

import base64
import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from cli.host.output import Fault


class Refused(Fault):
    """The server answered with a status of 400 or above."""

    def __init__(self, status: int, body: str, url: str, retry_after: str = "") -> None:
        super().__init__(f"{url} answered {status}: {body[:500]}")
        self.status = status
        self.body = body
        self.retry_after_s = int(retry_after) if retry_after.isdigit() else 0


class Unreachable(Fault):
    """Nothing answered at the address."""


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Every address is a port of this machine: a proxy of the environment is not asked."""


def call(
    method: str,
    url: str,
    body: object = None,
    token: str = "",
    basic: tuple[str, str] | None = None,
    timeout_s: float = 30,
) -> Any:
    """Send `body` as JSON and return the decoded answer (None when it is empty).

    `token` is a bearer's, `basic` a user and password.
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
        with _direct.open(request, timeout=timeout_s) as answer:
            content = answer.read()
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")
        raise Refused(error.code, text, url, error.headers.get("Retry-After", "")) from None
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{url} does not answer: {error}", "is it up? make status") from None
    return json.loads(content) if content else None
