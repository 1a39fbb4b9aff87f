"""Light or dark, as the user chose it; without a choice as the browser prefers it."""

from __future__ import annotations

from starlette.requests import Request

COOKIE = "riada_theme"


def is_dark(request: Request) -> bool | None:
    """None: the user has chosen nothing."""
    return {"dark": True, "light": False}.get(request.cookies.get(COOKIE, ""))


def body_class(request: Request) -> str:
    """The class of <body>, as Quasar names it."""
    chosen = is_dark(request)
    return "" if chosen is None else "body--dark" if chosen else "body--light"
