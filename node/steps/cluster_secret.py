"""A worker's node changes once Spark's master authenticates: so a release that begins with it
changes the master's node first. An earlier master registers no such worker, which would keep its
turn."""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from node.steps.compose_file import environments, parse

SECRET, MASTER = "spark-rpc", "SPARK_MASTER_URL"
TIMEOUT_S = 5
# An empty request of Spark's RPC: its length, type 3, id 0, no body
# (org.apache.spark.network.protocol.RpcRequest).
REQUEST = struct.pack(">qbqi", 21, 3, 0, 0)
# A master that authenticates says "Unknown challenge message", an earlier one "EOFException".
REFUSED = b"challenge"


def lacking(text: str, secrets: Path) -> str:
    """Why the node with this compose file must not change yet; "" if it may, also while the master
    does not answer."""
    if SECRET not in parse(text, secrets).secrets:
        return ""
    masters = {each.get(MASTER, "") for each in environments(text).values()} - {""}
    for master in sorted(masters):
        address = urlsplit(master)
        try:
            with socket.create_connection(
                (address.hostname, address.port), timeout=TIMEOUT_S
            ) as connection:
                connection.sendall(REQUEST)
                answer = connection.recv(4096)
        except OSError:
            continue
        if answer and REFUSED not in answer:
            return f"waits to change until Spark's master at {address.hostname} authenticates"
    return ""
