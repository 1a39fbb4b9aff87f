"""Messages: the URL has the filters, a click opens a message, messages are found by key, time and
text, and new ones appear by themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.browser.visitor import READY, Visitor
from tests.harness.wait import eventually

TEXT = "Text in key, value or header"


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


def search(visitor: Visitor, text: str) -> str:
    """Search for the text; returns the sentence about how far the search looked."""
    visitor.page.get_by_label(TEXT, exact=True).fill(text)
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Show", exact=True).click()
    return scanned(visitor)


def scanned(visitor: Visitor) -> str:
    sentence = visitor.page.locator("#scan:has-text('Searched')")
    sentence.wait_for(timeout=60_000)
    return sentence.inner_text()


def test_a_text_is_searched_and_the_page_says_how_far(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    ((country,),) = visitor.platform.sql("SELECT country FROM public.users LIMIT 1")
    visitor.open("/messages?table=users")
    assert " match; " in search(visitor, country.upper())
    assert len(keys_shown(visitor)) >= 1
    assert "contains=" in visitor.page.url
    visitor.page.get_by_role("row").nth(1).get_by_role("button").press("Enter")
    visitor.page.get_by_role("dialog").get_by_text(country).first.wait_for()
    assert visitor.problems == []


def test_personal_values_are_searched_only_by_who_shows_them(visit: Visit, keys: list[str]) -> None:
    visitor = visit("operator", **DESKTOP)
    query = "SELECT id, email FROM public.users WHERE email IS NOT NULL LIMIT 1"
    ((key, email),) = visitor.platform.sql(query)
    visitor.open("/messages?table=users")
    assert "of which 0 match" in search(visitor, email)
    visitor.await_text("Personal columns were not searched")
    visitor.page.get_by_role("switch", name="Show personal data").click()
    assert str(key) in keys_shown(visitor)
    assert "Personal columns" not in scanned(visitor)
    lines = visitor.platform.control_center("GET", "/api/audit")["audit"]
    assert any(line["action"] == "unmask" and "search" in line["target"] for line in lines)
    assert email not in str(lines)


def test_older_messages_are_one_click_away(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/messages?table=users")
    visitor.page.get_by_text("older ones are not shown").wait_for()
    first = set(visitor.page.locator("main tbody tr").all_inner_texts())
    visitor.page.get_by_role("button", name="Go on").click()
    visitor.page.wait_for_url("**position=**")
    eventually(
        lambda: first.isdisjoint(visitor.page.locator("main tbody tr").all_inner_texts()),
        "older messages",
        30,
    )
    visitor.page.reload()
    visitor.page.wait_for_selector(READY["/messages"])
    assert first.isdisjoint(visitor.page.locator("main tbody tr").all_inner_texts())
    assert visitor.problems == []


def test_new_messages_appear_and_an_open_one_pauses_them(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    platform = visitor.platform

    def touched() -> str:
        """A change of one row; returns its key."""
        platform.sql("UPDATE public.users SET city = city || '.' WHERE id = %s", [keys[0]])
        return keys[0]

    visitor.open(f"/messages?table=users&key={keys[0]}")
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("switch", name="Follow").press("Space")
    assert "follow=1" in visitor.page.url
    visitor.page.get_by_text("Following").wait_for()
    rows = visitor.page.locator("main tbody tr")
    rows.first.wait_for()
    before = rows.count()
    touched()
    eventually(lambda: rows.count() > before, "the change on the page", 60)
    rows.first.get_by_role("button").press("Enter")
    visitor.page.get_by_text("Paused while a message is open").wait_for(state="attached")
    count = rows.count()
    touched()
    visitor.page.wait_for_timeout(10_000)
    assert rows.count() == count
    visitor.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    eventually(lambda: rows.count() > count, "the change after the pause", 60)
    assert visitor.problems == []


def test_an_old_place_is_not_followed(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/messages?table=users")
    visitor.page.get_by_label("From time (UTC)").fill("2020-01-01 00:00:00")
    follow = visitor.page.get_by_role("switch", name="Follow")
    follow.click()
    visitor.page.get_by_role("alert").get_by_text("leave offset and time empty").wait_for()
    assert follow.get_attribute("aria-checked") == "false"
