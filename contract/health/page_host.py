"""The host name of the Control Center's pages on the machine that publishes its port.

Browsers send cookies to every port of a host name, so everybody's programs on 127.0.0.1 share
them. This name is the installation's own, and nobody can guess it. Browsers and curl know by
themselves that it is this machine (RFC 6761, section 6.3).
"""

from __future__ import annotations

import hashlib

SECRET = "control-center-token"
SUFFIX = ".localhost"


def page_host(token: str) -> str:
    """`token`: the value of SECRET. E.g. "riada-9f86d081884c7d65.localhost"."""
    digest = hashlib.sha256(f"host of the pages {token}".encode()).hexdigest()
    return f"riada-{digest[:16]}{SUFFIX}"
