"""The generated credentials: one name for each role, its password a secret of the platform."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from control_center.config import Settings
from control_center.web.auth.roles import Role


def load(settings: Settings) -> dict[Role, str]:
    """Role → password; raises RuntimeError naming the secret that is missing or empty."""
    passwords = {role: settings.secret(f"control-center-{role.value}") for role in Role}
    for role, password in passwords.items():
        if not password:
            raise RuntimeError(f"control-center-{role.value} is empty: write a secret into it")
    return passwords


def check(passwords: Mapping[Role, str], name: str, password: str) -> Role | None:
    """The role of these credentials, or None. Takes as long for a wrong name as for a wrong one."""
    found = None
    for role, expected in passwords.items():
        same = hmac.compare_digest(expected.encode(), password.encode())
        if same and name == role.value:
            found = role
    return found
