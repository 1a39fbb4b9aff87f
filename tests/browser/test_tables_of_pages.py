"""Tables of the pages sort numbers as numbers, and say how they are sorted."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP, PHONE


def test_messages_are_sorted_by_number(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/stages")
    table = visitor.page.locator("#topics table")
    heading = table.get_by_role("columnheader", name="Messages")
    table.get_by_role("cell").first.wait_for()
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    column = table.locator("tbody tr td:nth-child(5)").all_inner_texts()
    numbers = [int(text.replace(",", "")) for text in column]
    assert len(numbers) > 1
    assert numbers == sorted(numbers, reverse=True)


def test_a_phone_shows_every_cell_with_its_heading(visit: Visit) -> None:
    visitor = visit("reader", **PHONE)
    visitor.open("/messages?table=users")
    row = visitor.page.locator("main tbody tr").first
    box = row.bounding_box()
    assert box is not None
    assert box["width"] <= 390
    labels = "cells => cells.map(cell => getComputedStyle(cell, '::before').content)"
    shown = row.locator("td").evaluate_all(labels)
    assert shown[:4] == ['"Offset"', '"Partition"', '"At"', '"Key"']


def test_success_has_no_sign_of_a_warning(visit: Visit) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/alerts")
    visitor.await_text("Every probe is ok")
    assert visitor.page.locator(".q-table__bottom-nodata-icon").count() == 0
