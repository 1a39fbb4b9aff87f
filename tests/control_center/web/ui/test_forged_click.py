"""A reader forges clicks on the disabled buttons of operators: each is refused, and logged."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlencode

import aiohttp
import socketio

from tests.control_center.web.ui import browser
from tests.control_center.web.ui.browser import log_in

ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
CLIENT_ID = re.compile(r"'client_id': '([0-9a-f-]{36})'")
ESCAPES = {"&lt;": "<", "&gt;": ">", "&#96;": "`", "&#36;": "$", "&amp;": "&"}


async def click_disabled_buttons(session: aiohttp.ClientSession, url: str, path: str) -> set[str]:
    """Sends the event that a click on each disabled button would send; returns their labels."""
    page = await (await session.get(url + path)).text()
    client, elements = CLIENT_ID.search(page), ELEMENTS.search(page)
    assert client and elements
    text = elements[1]
    for escaped, character in ESCAPES.items():
        text = text.replace(escaped, character)
    query = {"client_id": client[1], "next_message_id": 0}
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in session.cookie_jar)
    page_socket = socketio.AsyncClient(http_session=session)
    await page_socket.connect(
        f"{url}?{urlencode(query)}",
        headers={"Cookie": cookies, "Origin": url},
        socketio_path="/_nicegui_ws/socket.io",
        transports=["websocket"],
    )
    tab = {"document_id": "d", "tab_id": "t", "old_tab_id": None}
    assert await page_socket.call("handshake", query | tab)
    labels = set()
    for number, element in json.loads(text).items():
        properties = element.get("props") or {}
        for event in element.get("events") or []:
            if properties.get("disable") and event["type"] == "click":
                labels.add(properties["label"])
                click: dict[str, Any] = {"id": int(number), "client_id": client[1], "args": []}
                await page_socket.emit("event", click | {"listener_id": event["listener_id"]})
    await page_socket.call("handshake", query | tab)  # answered after the events before it
    await page_socket.disconnect()
    return labels


async def forge(url: str) -> tuple[set[str], list[dict[str, Any]]]:
    """The labels of the buttons on all pages, and the audit log afterwards."""
    async with browser.session() as session:
        await log_in(session, url)
        labels = set()
        for path in ("/?table=users", "/stages", "/dead-letters?table=users"):
            labels |= await click_disabled_buttons(session, url, path)
        audit = await (await session.get(f"{url}/api/audit")).json()
        return labels, audit["audit"]


def test_forged_clicks_of_a_reader_are_refused_and_logged(url: str) -> None:
    labels, audit = asyncio.run(forge(url))
    assert labels == {
        "Compare now",
        "Repair what differs",
        "Restart connector and task",
        "Send all again",
        "Send it again",
    }
    lines = sorted(
        (line["action"], line["target"], line["outcome"], line["who"])
        for line in audit
        if line["action"] != "login"
    )
    assert lines == [
        ("compare", "users", "refused", "reader"),
        ("repair", "users", "refused", "reader"),
        ("restart connector", "", "refused", "reader"),
        ("send again", "users", "refused", "reader"),
        ("send again", "users all", "refused", "reader"),
    ]
