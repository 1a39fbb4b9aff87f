"""Small elements that several pages use."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from nicegui import run, ui

from contract.errors import ComponentError
from control_center.web.auth.roles import Principal
from control_center.web.errors import UnauthenticatedError, error_text
from control_center.web.ui.session import to_login
from control_center.web.ui.table import text as text_of

T = TypeVar("T")

Action = Callable[..., Awaitable[None]]
# State → its text: a sign and a word, so that colour is not the only difference.
SIGNS = {"ok": "✓ ok", "warn": "! warn", "fail": "✕ fail"}


async def ask(question: Callable[..., T], *arguments: Any) -> T:
    """The result of a function that waits for a component, without blocking other pages."""
    answer: T | None = await run.io_bound(question, *arguments)
    if answer is None:  # io_bound returns None when the user has left the page in the meantime
        raise CancelledError
    return answer


@contextmanager
def section(title: str, key: str = "") -> Iterator[ui.element]:
    """A part of the page with its own heading."""
    label = key or title.lower().replace(" ", "-")
    with ui.element("section").props(f'aria-labelledby="h-{label}" id="{label}"') as box:
        with ui.element("h2").props(f'id="h-{label}"'):
            ui.label(title)
        yield box


class ErrorBanner:
    """A line with the error; hidden while there is none."""

    def __init__(self) -> None:
        self._line = ui.label().classes("fault").props('role="alert"')
        self._line.set_visibility(False)

    def show(self, text: str) -> None:
        """An empty text hides the line."""
        self._line.set_text(text)
        self._line.set_visibility(bool(text))


def with_error_banner(
    banner: ErrorBanner, act: Callable[..., Awaitable[None]]
) -> Callable[..., Awaitable[None]]:
    """A handler that runs `act` and shows its errors in the banner, with component, cause and
    remedy."""

    async def handler(*arguments: Any) -> None:
        try:
            await act(*arguments)
            banner.show("")
        except UnauthenticatedError as error:
            banner.show(error_text(error))
            to_login(ui.context.client.request)
        except ComponentError as error:
            banner.show(error_text(error))
        except Exception as error:
            cause = f"control-center: the action failed ({type(error).__name__})."
            banner.show(f"{cause} See make logs S=control-center.")
            raise

    return handler


def operator_button(
    text: str, on_click: Callable[..., Awaitable[None]], principal: Principal, style: str = ""
) -> ui.button:
    """A button for an action of operators. It is disabled for readers. A click that a reader forges
    still reaches `on_click`, which refuses the action and logs that."""
    button = ui.button(text, on_click=on_click).props(f"{style} no-caps")
    button.set_enabled(principal.operates)
    button.ignores_events_when_disabled = False
    return button


async def confirmed(question: str, answer: str) -> bool:
    """Asks the user before an action; the question names its consequence. `answer`: the text of
    the button that agrees."""
    with ui.dialog() as dialog, ui.card().classes("message"):
        ui.label(question)
        with ui.row():
            ui.button(answer, on_click=lambda: dialog.submit(True)).props("no-caps")
            cancel = ui.button("Cancel", on_click=lambda: dialog.submit(False))
            cancel.props("outline no-caps autofocus")
    agreed = await dialog
    if not dialog.is_deleted:  # the user may have left the page
        dialog.delete()
    return bool(agreed)


def description_list(values: Mapping[str, Any]) -> None:
    """Names and values as a description list."""
    with ui.element("dl").classes("facts"):
        for name, value in values.items():
            with ui.element("dt"):
                ui.label(name.replace("_", " "))
            with ui.element("dd"):
                ui.label(text_of(value))


def pre(text: str) -> None:
    """Text with its line breaks and spaces."""
    with ui.element("pre").props("tabindex=0"):
        ui.label(text)
