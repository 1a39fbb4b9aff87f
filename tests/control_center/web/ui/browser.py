"""A session of a reader, without a browser."""

from __future__ import annotations

import asyncio

import aiohttp


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
