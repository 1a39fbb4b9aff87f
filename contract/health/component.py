"""The name of a service, as `make logs S=` accepts it, from its address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def component_of(address: str) -> str:
    """The host's first label: "kafka-1:9092", "kafka-1.riada.internal:9092" and
    "http://kafka-1:8081/x" → "kafka-1". An IP address stays as it is."""
    host = urlsplit(address if "//" in address else f"//{address}").hostname or address
    return host if re.fullmatch(r"[\d.]+|.*:.*", host) else host.split(".")[0]
