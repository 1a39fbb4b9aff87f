"""How clients connect to Cassandra: settings of cassandra-driver's Cluster."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

# Every node's certificate has this name beside its own. Clients verify it, because they learn the
# nodes of a ring by address.
NAME = "cassandra"


def context(ca: Path) -> ssl.SSLContext:
    """TLS 1.3 with a server of an authority in the file `ca`. Raises OSError."""
    verifying = ssl.create_default_context(cafile=str(ca))
    verifying.minimum_version = ssl.TLSVersion.TLSv1_3
    return verifying


def verified(ca: Path) -> dict[str, Any]:
    """The node must have a certificate for NAME, of an authority in the file `ca`."""
    return {"ssl_context": context(ca), "ssl_options": {"server_hostname": NAME}}
