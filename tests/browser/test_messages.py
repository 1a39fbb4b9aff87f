"""Messages: the URL has the filters, a click opens a message, and messages are found by key and
time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.browser.visitor import READY, Visitor


def show(visitor: Visitor, **fields: str) -> None:
    """Fill the fields with these labels, and show the messages."""
    for label, text in fields.items():
        visitor.page.get_by_label(label.replace("_", " "), exact=False).first.fill(text)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Show", exact=True).click()


def keys_shown(visitor: Visitor) -> list[str]:
    visitor.page.wait_for_selector(READY["/messages"])
    return visitor.page.locator("main td a").all_inner_texts()


def test_a_search_by_key_is_in_the_url_and_back_leaves_it(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/messages?table=users")
    visitor.page.get_by_label("Key", exact=True).fill(keys[0])
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Show", exact=True).click()
    assert set(keys_shown(visitor)) == {keys[0]}
    assert f"key={keys[0]}" in visitor.page.url
    visitor.page.reload()
    assert set(keys_shown(visitor)) == {keys[0]}
    visitor.page.go_back()
    assert len(set(keys_shown(visitor))) > 1
    assert visitor.problems == []


def test_messages_from_a_time_on(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/messages?table=users")
    show(visitor, From_time="2020-01-01 00:00:00")
    oldest = keys_shown(visitor)
    later = datetime.now(UTC) + timedelta(days=1)
    show(visitor, From_time=f"{later:%Y-%m-%d %H:%M:%S}")
    visitor.await_text("No messages")
    assert oldest
    assert visitor.problems == []


def test_a_click_opens_a_message_with_its_headers(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/messages?table=users")
    visitor.page.get_by_role("row").nth(1).get_by_role("cell").nth(1).click()
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_text('"headers"').wait_for()
    dialog.get_by_role("button", name="Close").click()
    dialog.wait_for(state="hidden")
    visitor.page.get_by_role("row").nth(2).get_by_role("button").press("Enter")
    dialog.get_by_text('"headers"').wait_for()


def test_messages_are_downloaded_masked(visit: Visit, keys: list[str], tmp_path: Path) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/messages?table=users")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Download as JSON").click()
    file = tmp_path / "messages.json"
    download.value.save_as(file)
    messages = json.loads(file.read_text(encoding="utf-8"))
    assert len(messages) > 1
    (email,) = visitor.platform.sql("SELECT email FROM public.users LIMIT 1")[0]
    assert email not in file.read_text(encoding="utf-8")
