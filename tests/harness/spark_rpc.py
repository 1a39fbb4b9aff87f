"""Ports of Spark's processes, and what they answer to a request without the secret."""

from __future__ import annotations

from node.steps.cluster_secret import REQUEST

# Prints the ports beyond loopback on which processes of a container listen.
LISTENING = r"""
cat /proc/net/tcp /proc/net/tcp6 | while read -r _ local _ state _; do
    [[ $state == 0A && $local != *00007F:* ]] && printf '%d\n' "0x${local##*:}"
done | sort -un
"""
# Pages, which everybody may read: the worker's, and the drivers'.
PAGES = (8081, *range(4040, 4050))
REFUSED = "Unknown challenge message"
_ASK = """
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as connection:
    connection.sendall(bytes.fromhex(sys.argv[3]))
    print(connection.recv(4096))
"""


def request(host: str, port: int) -> tuple[str, ...]:
    """The command that prints the answer to an RPC request without the secret."""
    return ("python3", "-c", _ASK, host, str(port), REQUEST.hex())


def rpc_ports(listening: str) -> list[int]:
    """`listening`: the output of LISTENING in a worker's container."""
    return [int(port) for port in listening.split() if int(port) not in PAGES]
