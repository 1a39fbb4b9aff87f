"""The URL has the filters of the page Messages, and sentences say how far a search looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from contract.errors import InvalidInputError
from contract.stream import messages_page
from control_center.pipeline.browse import Page, Query
from control_center.pipeline.scan import Scanned
from control_center.web.ui.message_filters import Filters, not_searched, sentence
from tests.control_center.health.tables import USERS

FILTERS = Filters(
    topic="t", partition="1", since="2026-11-27 01:00:00", key=" k ", contains="León & x", follow=""
)


def test_a_url_has_the_filters() -> None:
    parameters = dict(parse_qsl(urlsplit(FILTERS.url(USERS)).query))
    assert parameters.pop("table") == "users"
    assert Filters.of(parameters) == FILTERS
    assert Filters().url(USERS) == "/messages?table=users"


def test_the_link_of_another_program_shows_the_messages_since_a_time() -> None:
    since = datetime(2026, 11, 27, 5, 46, 16, tzinfo=UTC)
    link = urlsplit(messages_page.url("http://127.0.0.1:9021", "users", since))
    filters = Filters.of(dict(parse_qsl(link.query)))
    assert filters == Filters(since="2026-11-27 05:46:16")
    assert filters.query("t").since == since


def test_filters_as_a_query() -> None:
    query = replace(FILTERS, position="0:7").query("t")
    since = datetime(2026, 11, 27, 1, tzinfo=UTC)
    assert query == Query("t", 1, None, since, "k", "León & x", {0: 7})


@pytest.mark.parametrize(
    "filters",
    [
        Filters(follow="1", partition="0", offset="7"),
        Filters(follow="1", since="2026-11-27 01:00:00"),
        Filters(follow="1", position="0:7"),
    ],
)
def test_only_the_newest_messages_are_followed(filters: Filters) -> None:
    with pytest.raises(InvalidInputError, match="leave offset and time empty"):
        filters.query("t")
    assert Filters(follow="1", key="k", partition="0").query("t").key == "k"


def page(query: Query, read: int, remaining: int) -> Page:
    return Page(query, Scanned([], read, remaining, {}, 2.04))


@pytest.mark.parametrize(
    ("query", "read", "remaining", "expected"),
    [
        (Query("t"), 50, 0, "0 messages."),
        (Query("t"), 50, 1200, "0 messages; 1,200 older ones are not shown."),
        (
            Query("t", contains="x"),
            60_000,
            88_000,
            "Searched 60,000 messages in 2.0 s, of which 0 match; 88,000 older ones are left.",
        ),
        (
            Query("t", key="x", since=datetime.now(UTC), position={0: 1}),
            9,
            0,
            "Searched 9 more messages in 2.0 s, of which 0 match; none is left.",
        ),
    ],
)
def test_a_sentence_says_how_far_a_search_looked(
    query: Query, read: int, remaining: int, expected: str
) -> None:
    assert sentence(page(query, read, remaining)) == expected


def test_a_search_says_that_it_left_out_personal_columns() -> None:
    search = Query("t", contains="x")
    assert "Personal columns were not searched" in not_searched(search, USERS, unmasked=False)
    assert not_searched(search, USERS, unmasked=True) == ""
    assert not_searched(Query("t", key="x"), USERS, unmasked=False) == ""
