"""The bearer token that everything but /api/health asks for."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable

from fastapi import HTTPException, Request


def bearer(token: str) -> Callable[[Request], None]:
    """A dependency that lets only holders of the token pass."""
    if not token:
        raise RuntimeError("control-center-token is empty: write a secret into it")

    def check(request: Request) -> None:
        match = re.fullmatch(r"[Bb]earer +(\S+)", request.headers.get("authorization", ""))
        if match is None or not hmac.compare_digest(match[1].encode(), token.encode()):
            raise HTTPException(
                401,
                "send 'Authorization: Bearer <token>' with the secret control-center-token",
                {"WWW-Authenticate": "Bearer"},
            )

    return check
