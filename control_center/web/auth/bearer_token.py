"""The bearer token of a request."""

from __future__ import annotations

import hmac
import re

from control_center.config import COMPONENT, SettingsError
from control_center.web.errors import UnauthenticatedError


class BearerToken:
    """`secret` is the name of the secret that holds `value`."""

    def __init__(self, value: str, secret: str) -> None:
        if not value:
            raise SettingsError(COMPONENT, f"{secret} is empty", "Write a secret into it.")
        self._value, self._secret = value, secret

    def check(self, authorization: str) -> None:
        """Checks the header of a request; raises UnauthenticatedError. Takes equally long for all
        tokens of the same length."""
        match = re.fullmatch(r"[Bb]earer +(\S+)", authorization)
        if match is None or not hmac.compare_digest(match[1].encode(), self._value.encode()):
            remedy = f"Send 'Authorization: Bearer <token>' with the secret {self._secret}."
            raise UnauthenticatedError(COMPONENT, "no valid bearer token", remedy)
