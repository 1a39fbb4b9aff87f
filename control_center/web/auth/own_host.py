"""The host name at which the pages may use a session's cookie."""

from __future__ import annotations

import re

from contract.health.page_host import SUFFIX, page_host

# The names of loopback addresses: every program of the machine may serve pages there.
LOOPBACK = re.compile(r"localhost(\.localdomain)?|0\.0\.0\.0|127(\.\d{1,3}){3}|\[::1?\]")


class OwnHost:
    """`token`: the secret control-center-token, from which the name is made."""

    def __init__(self, token: str) -> None:
        self._name = page_host(token)

    def is_shared(self, host: str) -> bool:
        """Do other programs of this machine get the cookies of this Host header? Names that are not
        of the machine, such as that of a proxy, are not shared."""
        name, _ = _split(host)
        of_machine = LOOPBACK.fullmatch(name) is not None or name.endswith(SUFFIX)
        return of_machine and name != self._name

    def url(self, host: str) -> str:
        """The pages' own address at the port of this Host header."""
        _, port = _split(host)
        return f"http://{self._name}{port}"


def _split(host: str) -> tuple[str, str]:
    """ "LOCALHOST:80" → ("localhost", ":80")."""
    match = re.fullmatch(r"(.*?)\.?(:\d+)?", host.lower())
    return (match[1], match[2] or "") if match else (host, "")
