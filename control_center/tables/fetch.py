"""One answer of a JSON API, with bounds on its size and its time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

from contract.errors import InvalidInputError, UnreachableError
from contract.health.component import component_of
from control_center.config import COMPONENT

LARGEST = 8 << 20  # bytes
LIMIT_S = 20.0
_REMEDY = "Correct URL; an API with secret headers needs a file written by hand (docs/tables.md)."


@dataclass(frozen=True)
class ApiAnswer:
    """`link`: the header Link, "" without one."""

    content: Any
    link: str = ""


def fetch(url: str) -> ApiAnswer:
    """The answer to one GET, without redirects to other URLs. Raises UnreachableError, and
    InvalidInputError for an answer that is not JSON."""
    component = component_of(url)
    try:
        with httpx.Client(timeout=LIMIT_S) as client, client.stream(
            "GET", url, headers={"Accept": "application/json"}
        ) as response:  # fmt: skip
            if response.is_redirect:
                target = response.headers.get("location", "")
                raise UnreachableError(component, f"redirects to {target}", "Use that URL.")
            if not response.is_success:
                raise UnreachableError(component, f"answers {response.status_code}", _REMEDY)
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise InvalidInputError(
                        COMPONENT,
                        f"the answer is larger than {LARGEST >> 20} MiB",
                        "Ask for fewer items, such as with ?limit=100.",
                    )
            link = response.headers.get("link", "")
    except httpx.HTTPError as error:
        raise UnreachableError(component, f"cannot be read ({error})", _REMEDY) from error
    try:
        return ApiAnswer(json.loads(bytes(body)), link)
    except ValueError as error:
        raise InvalidInputError(COMPONENT, "the answer is not JSON", _REMEDY) from error
