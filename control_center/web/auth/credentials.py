"""The generated credentials: the user name is the role, and its password is a secret of the
platform."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from control_center.config import Settings
from control_center.web.auth.roles import Role


def load(settings: Settings) -> dict[Role, str]:
    """Role → password; raises SettingsError naming the secret that is missing or empty."""
    return {role: settings.secret(f"control-center-{role.value}") for role in Role}


def check(passwords: Mapping[Role, str], name: str, password: str) -> Role | None:
    """The role of these credentials, or None. Takes equally long for an unknown name and for a
    wrong password."""
    granted = None
    for role, expected in passwords.items():
        same = hmac.compare_digest(expected.encode(), password.encode())
        if same and name == role.value:
            granted = role
    return granted
