"""One row's versions, masked until an operator unmasks them."""

from __future__ import annotations

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP
from tests.harness.wait import eventually


def test_every_version_with_its_trace(visit: Visit, keys: list[str]) -> None:
    visitor = visit("reader", **DESKTOP)
    key = keys[1]
    platform = visitor.platform
    (before,) = platform.sql("SELECT email, city FROM public.users WHERE id = %s", [key])
    platform.sql("UPDATE public.users SET city = 'Atlantis' WHERE id = %s", [key])
    platform.assert_equal_everywhere()

    visitor.open("/row?table=users")
    visitor.page.get_by_label("id, or a value of email").fill(before[0])
    visitor.page.keyboard.press("Enter")
    table = visitor.page.get_by_role("table")
    table.get_by_text("update").wait_for(timeout=120_000)
    assert table.get_by_text("insert").count() + table.get_by_text("snapshot").count() >= 1
    assert visitor.page.get_by_text("Commit to readable").count() > 0
    visitor.picture("row")
    visitor.page.get_by_text("Decoded message at").first.click()
    visitor.await_text('"__op": "u"')
    shown = visitor.page.locator(".content").inner_text()
    assert "Atlantis" not in shown, "a reader does not see personal data"
    assert visitor.problems == []


def test_an_operator_unmasks_and_the_log_has_it(visit: Visit, keys: list[str]) -> None:
    visitor = visit("operator", **DESKTOP)
    key = keys[2]
    visitor.open(f"/row?table=users&key={key}")
    visitor.page.get_by_text("Decoded message at").first.wait_for(timeout=120_000)
    visitor.page.get_by_role("switch").click()
    email = visitor.platform.sql("SELECT email FROM public.users WHERE id = %s", [key])[0][0]

    def unmasked() -> bool:
        closed = visitor.page.get_by_text("Decoded message at").first
        closed.click()
        visitor.page.wait_for_timeout(500)
        return email in visitor.page.locator(".content").inner_text()

    eventually(unmasked, "the personal data", 60, pause_s=3)
    lines = visitor.platform.control_center("GET", "/api/audit")["audit"]
    assert [
        line["who"]
        for line in lines
        if (line["action"], line["target"]) == ("unmask", f"users {key}")
    ]
    assert email not in str(lines)


def test_a_reader_has_no_switch(visit: Visit) -> None:
    visitor = visit("reader")
    visitor.open("/row?table=users")
    assert visitor.page.get_by_role("switch").is_disabled()
