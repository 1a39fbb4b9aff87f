"""The answer for a path without a page: the way to all pages, in the chosen theme."""

from __future__ import annotations

from pathlib import Path
from string import Template

from fastapi import Request
from fastapi.responses import HTMLResponse

from control_center.web import theme
from control_center.web.ui.layout import PAGES

_PAGE = Template((Path(__file__).parent / "not_found.html").read_text(encoding="utf-8"))


def not_found(request: Request, _: Exception) -> HTMLResponse:
    links = "\n".join(f'<li><a href="{path}">{name}</a></li>' for path, name in PAGES.items())
    return HTMLResponse(_PAGE.substitute(theme=theme.body_class(request), links=links), 404)
