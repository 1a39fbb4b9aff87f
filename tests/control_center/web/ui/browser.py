"""A session of a reader, without a browser."""

from __future__ import annotations

import asyncio
import socket

import aiohttp
from aiohttp.abc import ResolveResult


class Loopback:
    """Every name is this machine, as browsers resolve names below localhost (RFC 6761)."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None: ...


def session() -> aiohttp.ClientSession:
    """Use it as a context manager, within a running event loop."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=Loopback()))


async def log_in(session: aiohttp.ClientSession, url: str) -> None:
    """Waits until the Control Center answers, and logs in."""
    while True:
        try:
            await session.get(f"{url}/api/health")
            break
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.2)
    form = {"name": "reader", "password": "the control-center-reader"}
    await session.post(f"{url}/login", data=form, headers={"Origin": url})
