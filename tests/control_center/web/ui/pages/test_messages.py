"""The page Messages without a browser: a search that goes on, personal values, and Follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import Request
from nicegui import Client, core, ui

from contract.errors import InvalidInputError
from contract.kafka.topics import events
from control_center.web.auth.roles import Role
from control_center.web.auth.sessions import COOKIE
from control_center.web.context import AppContext
from control_center.web.ui.pages.messages import Page
from control_center.web.ui.session import PageSession
from tests.control_center.in_memory_clients import (
    TABLES,
    InMemoryClients,
)
from tests.control_center.sample_rows import row as row_of

USERS = TABLES["users"]
TOPIC = events(USERS).name
ANA = "89254969-771b-47a0-bfb6-345d262fbae9"


class Opened:
    """The page with these parameters in its URL, as a user with this role sees it."""

    def __init__(self, clients: InMemoryClients, role: Role, **parameters: str) -> None:
        self.context = AppContext.of(clients, ["x"])
        cookie = f"{COOKIE}={self.context.sessions.begin(role)}"
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/messages",
            "query_string": urlencode(parameters).encode(),
            "headers": [(b"cookie", cookie.encode())],
        }
        self.page = Page(PageSession(self.context, Request(scope), USERS), USERS)

    @property
    def sentence(self) -> str:
        return str(self.page._state.text)

    @property
    def offsets(self) -> list[int]:
        return [message.place.offset for message in self.page._messages]


def arrive(clients: InMemoryClients, number: int) -> None:
    row = row_of(USERS, id=ANA, country=f"Land {number}", email=f"ana{number}@example.org")
    clients.add_change(row, number)


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    """A hundred messages."""
    memory = InMemoryClients(tmp_path)
    for number in range(100):
        arrive(memory, number)
    return memory


Run = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the steps of a user inside the client of a page."""

    def run_steps(steps: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def inside() -> None:
            monkeypatch.setattr(core, "loop", asyncio.get_running_loop())
            with Client(ui.page("/messages")):
                await steps()

        asyncio.run(inside())

    return run_steps


def test_older_messages_follow_on_request(clients: InMemoryClients, run: Run) -> None:
    async def steps() -> None:
        opened = Opened(clients, Role.READER)
        await opened.page._begin()
        assert opened.offsets == list(range(99, 49, -1))
        assert opened.sentence == "50 messages; 50 older ones are not shown."
        assert opened.page._more.visible
        await opened.page._go_on()
        assert opened.offsets == list(range(49, -1, -1))
        assert (opened.sentence, opened.page._more.visible) == ("50 messages.", False)
        assert opened.page._filters.position == "0:50"

    run(steps)


def test_personal_values_are_searched_when_an_operator_shows_them(
    clients: InMemoryClients, run: Run
) -> None:
    async def steps() -> None:
        opened = Opened(clients, Role.OPERATOR, contains="ana7@example.org")
        await opened.page._begin()
        assert opened.offsets == []
        assert "Personal columns were not searched" in opened.sentence
        opened.page._unmask._switch.value = True
        await opened.page._unmasked()
        assert opened.offsets == [7]
        assert "Personal" not in opened.sentence
        line = opened.context.audit.newest(1)[0]
        assert (line.action, line.target) == ("unmask", f"users {TOPIC} search")
        assert "ana7" not in str(line)

    run(steps)


def test_a_reader_never_searches_personal_values(clients: InMemoryClients, run: Run) -> None:
    async def steps() -> None:
        opened = Opened(clients, Role.READER, contains="ana7@example.org")
        opened.page._unmask._switch.value = True  # a forged event
        with pytest.raises(Exception, match="only an operator"):
            await opened.page._begin()
        assert opened.offsets == []

    run(steps)


def test_new_messages_appear_unless_a_message_is_open(clients: InMemoryClients, run: Run) -> None:
    async def steps() -> None:
        opened = Opened(clients, Role.READER, follow="1", key=ANA)
        await opened.page._begin()
        await opened.page._poll()
        assert (len(opened.offsets), opened.offsets[0]) == (50, 99)
        assert opened.sentence == "Following: new messages appear every 3 s."
        arrive(clients, 100)
        opened.page._open("0 : 99")
        await opened.page._poll()
        assert opened.offsets[0] == 99
        assert opened.sentence == "Paused while a message is open."
        opened.page._dialog.close()
        await opened.page._poll()
        assert (len(opened.offsets), opened.offsets[0]) == (50, 100)

    run(steps)


def test_a_message_that_has_left_the_list_does_not_open(clients: InMemoryClients, run: Run) -> None:
    async def steps() -> None:
        opened = Opened(clients, Role.READER)
        await opened.page._begin()
        opened.page._open("0 : 3")
        assert not opened.page._dialog.value
        opened.page._open("0 : 98")
        assert opened.page._dialog.value

    run(steps)


def test_an_old_place_is_not_followed(clients: InMemoryClients, run: Run) -> None:
    async def steps() -> None:
        opened = Opened(clients, Role.READER, follow="1", since="2026-11-27 01:00:00")
        with pytest.raises(InvalidInputError, match="leave offset and time empty"):
            await opened.page._begin()
        assert opened.context.audit.newest(1)[0].outcome.value == "invalid"
        await opened.page._poll()
        assert opened.offsets == []

    run(steps)
