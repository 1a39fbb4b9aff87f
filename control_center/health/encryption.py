"""What an operator should change about the encryption of a server."""

from __future__ import annotations

from control_center.clients.certificate import EXPIRES_SOON_S

DAY_S = 86_400


def warning(accepts_clear_text: bool, certificate_until: float | None, now: float) -> str:
    """A predicate of the server; "" if nothing. Times are seconds since 1970; None: unknown."""
    if accepts_clear_text:
        return (
            "accepts connections in clear text, because an earlier release wrote its data: make up "
            "ends this, and on AWS the command in docs/security.md"
        )
    left = None if certificate_until is None else certificate_until - now
    if left is not None and left < EXPIRES_SOON_S:
        days = max(0, int(left // DAY_S))
        return f"has a certificate that expires in {days} days: make up renews it (AWS: an apply)"
    return ""
