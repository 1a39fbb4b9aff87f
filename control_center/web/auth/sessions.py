"""Sessions as signed cookies. The server stores only the ended sessions, in a file that outlives
its process."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from itsdangerous import BadSignature, URLSafeTimedSerializer

from control_center.clients import state_file
from control_center.web.auth.roles import Principal, Role

COOKIE = "riada_session"
LASTS_S = 12 * 3600
# The path at which the pages' own host name takes a login of another name of this machine.
TICKET = "/login/ticket"
TICKET_LASTS_S = 60


class Sessions:
    """Signs sessions with a key made of the credentials, so that new credentials end every
    session. `file` has the ended sessions; if it is damaged, all earlier sessions are ended."""

    def __init__(
        self, credentials: Iterable[str], file: Path, clock: Callable[[], float] = time.time
    ) -> None:
        key = "\n".join(credentials)
        self._serializer = URLSafeTimedSerializer(key, salt="riada-session")
        self._tickets = URLSafeTimedSerializer(key, salt="riada-ticket")
        self._file, self._clock, self._lock = file, clock, Lock()
        self._ended: dict[str, float] = {}
        self._begun_after = 0.0  # seconds since 1970: earlier sessions are ended
        try:
            self._ended = _read(file)
        except (OSError, ValueError):
            self._begun_after = clock()

    def begin(self, role: Role) -> str:
        """The value of the cookie of a new session."""
        return str(self._serializer.dumps([role.value, secrets.token_urlsafe(16)]))

    def ticket(self, role: Role) -> str:
        """What a browser takes from the host name of its login to that of the pages."""
        return str(self._tickets.dumps([role.value, secrets.token_urlsafe(16)]))

    def redeem(self, ticket: str) -> Role | None:
        """The role of a ticket; None if it is invalid, too old or was redeemed before."""
        try:
            role, number = self._tickets.loads(ticket, TICKET_LASTS_S)
        except (BadSignature, ValueError, TypeError):
            return None
        with self._lock, suppress(OSError):  # for this process it is redeemed
            if number in self._ended:
                return None
            self._store(number)
        return Role(role)

    def read(self, cookie: str | None) -> Principal | None:
        """The session's owner; None if the cookie is invalid, too old or of an ended session."""
        if not cookie:
            return None
        try:
            content, begun = self._serializer.loads(cookie, LASTS_S, return_timestamp=True)
            role, session = content
            if session in self._ended or begun.timestamp() < int(self._begun_after):
                return None
            return Principal(role, Role(role), session)
        except (BadSignature, ValueError, TypeError):
            return None

    def end(self, session: str) -> None:
        """Ends the session: its cookie is invalid from now on, also for the next process. Raises
        OSError if that cannot be stored; for this process it is ended."""
        with self._lock:
            self._store(session)

    def _store(self, session: str) -> None:
        now = self._clock()
        ended = {key: until for key, until in self._ended.items() if until > now}
        self._ended = ended | {session: now + LASTS_S}
        state_file.write(self._file, json.dumps(self._ended))


def _read(file: Path) -> dict[str, float]:
    """Session → when its cookie is too old anyway, in seconds since 1970. Raises OSError and
    ValueError for a file that cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    ended = json.loads(text)
    if not isinstance(ended, dict):
        raise ValueError(f"{file} is not an object")
    return {str(key): float(until) for key, until in ended.items()}
