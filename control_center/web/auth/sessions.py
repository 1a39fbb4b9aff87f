"""Sessions as signed cookies. The server stores only the ended sessions."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable

from itsdangerous import BadSignature, URLSafeTimedSerializer

from control_center.web.auth.roles import Principal, Role

COOKIE = "riada_session"
LASTS_S = 12 * 3600


class Sessions:
    """Signs sessions with a key made of the credentials, so that new credentials end every
    session."""

    def __init__(self, credentials: Iterable[str]) -> None:
        self._serializer = URLSafeTimedSerializer("\n".join(credentials), salt="riada-session")
        self._ended: dict[str, float] = {}

    def begin(self, role: Role) -> str:
        """The value of the cookie of a new session."""
        return str(self._serializer.dumps([role.value, secrets.token_urlsafe(16)]))

    def read(self, cookie: str | None) -> Principal | None:
        """The session's owner; None if the cookie is invalid, too old or of an ended session."""
        if not cookie:
            return None
        try:
            role, session = self._serializer.loads(cookie, max_age=LASTS_S)
            return None if session in self._ended else Principal(role, Role(role), session)
        except (BadSignature, ValueError, TypeError):
            return None

    def end(self, session: str) -> None:
        """Ends the session: its cookie is invalid from now on."""
        now = time.monotonic()
        self._ended = {key: until for key, until in self._ended.items() if until > now}
        self._ended[session] = now + LASTS_S
