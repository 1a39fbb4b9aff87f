"""A program that delays the packets of netfilter's queue QUEUE, in the network namespace in which
it runs: `python3 delay_queue.py MILLISECONDS`. It needs the standard library and CAP_NET_ADMIN.

Netem does the same, but many kernels lack it. The kernel keeps the packets; the program gets their
numbers, and accepts each after its time. The messages are those of the kernel's header
include/uapi/linux/netfilter/nfnetlink_queue.h.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from collections import deque
from contextlib import suppress

QUEUE = 7
_NETLINK_NETFILTER = 12
_SUBSYSTEM = 3 << 8  # NFNL_SUBSYS_QUEUE
_PACKET, _CONFIG, _VERDICT_BATCH = (_SUBSYSTEM | number for number in (0, 2, 3))
_REQUEST = 1
_ACCEPT = 1
# Attributes
_CONFIG_COMMAND, _CONFIG_PARAMETERS, _CONFIG_LENGTH = 1, 2, 3
_PACKET_HEADER, _VERDICT_HEADER = 1, 2
_BIND, _COPY_META = 1, 1
# Packets that may wait: 100 ms of a gigabit of small ones.
_LENGTH = 1 << 17
_BUFFER = 1 << 24


def _attribute(kind: int, value: bytes) -> bytes:
    padding = -len(value) % 4
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * padding


def _message(kind: int, attributes: bytes) -> bytes:
    body = struct.pack(">BBH", socket.AF_UNSPEC, 0, QUEUE) + attributes
    return struct.pack("=IHHII", 16 + len(body), kind, _REQUEST, 0, 0) + body


def _numbers(data: bytes) -> list[int]:
    """The packets' numbers in what the kernel sends."""
    numbers, start = [], 0
    while start + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, start)
        if kind == _PACKET:
            place = start + 20  # after nlmsghdr and nfgenmsg
            while place + 4 <= start + length:
                size, attribute = struct.unpack_from("=HH", data, place)
                if attribute == _PACKET_HEADER:
                    numbers.append(struct.unpack_from(">I", data, place + 4)[0])
                place += size + -size % 4
        start += length + -length % 4
    return numbers


def run(delay_s: float) -> None:
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER)
    netlink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    netlink.bind((0, 0))
    for kind, value in (
        (_CONFIG_COMMAND, struct.pack(">BBH", _BIND, 0, socket.AF_INET)),
        (_CONFIG_PARAMETERS, struct.pack(">IB", 0, _COPY_META)),
        (_CONFIG_LENGTH, struct.pack(">I", _LENGTH)),
    ):
        netlink.send(_message(_CONFIG, _attribute(kind, value)))
    waiting: deque[tuple[float, int]] = deque()
    while True:
        rest = waiting[0][0] - time.monotonic() if waiting else None
        if rest is None or rest > 0:
            netlink.settimeout(rest)
            with suppress(OSError):  # the first one is due, or the buffer was full
                numbers = _numbers(netlink.recv(1 << 16))
                due = time.monotonic() + delay_s
                waiting.extend((due, number) for number in numbers)
        newest = None
        while waiting and waiting[0][0] <= time.monotonic():
            newest = waiting.popleft()[1]
        if newest is not None:  # it and all before it
            verdict = _attribute(_VERDICT_HEADER, struct.pack(">II", _ACCEPT, newest))
            netlink.send(_message(_VERDICT_BATCH, verdict))


if __name__ == "__main__":
    run(float(sys.argv[1]) / 1000)
