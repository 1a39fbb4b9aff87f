"""The part [source] of a table's file: what it may say, and errors that name the field."""

from __future__ import annotations

import pytest
import tomllib

from contract.table.pagination import Cursor, LinkHeader, NoPagination, PageNumber
from contract.table.source import RunParam, Source
from contract.table.source_file import source_of
from contract.table.source_lines import lines_of

COMPLETE = """
url = "${SHOP_URL:-https://shop.example}/v1/orders"
items = "data.items"
query = { "filter[state]" = "open", limit_days = 7, deep = true }
rate = 2.5
schedule = "0 3 * * 1-5"
headers = { Authorization = "Bearer secret:shop", Accept-Language = "en" }
drop = ["customer", "*.card"]
[pagination]
kind = "cursor"
next = "meta.next"
parameter = "after"
size = "limit"
largest = 200
[params.seed]
per_run = true
[params.since]
type = "integer"
default = 3
description = "days"
"""
SOURCE = Source(
    "${SHOP_URL:-https://shop.example}/v1/orders",
    "data.items",
    Cursor("limit", 200, path="meta.next", parameter="after"),
    {"filter[state]": "open", "limit_days": 7, "deep": True},
    (RunParam("seed", per_run=True), RunParam("since", "integer", 3, "days")),
    2.5,
    "0 3 * * 1-5",
    {"Authorization": "Bearer secret:shop", "Accept-Language": "en"},
    ("customer", "*.card"),
)
URL = 'url = "https://shop.example/orders"\n'


def test_every_field() -> None:
    assert source_of(tomllib.loads(COMPLETE)) == SOURCE


def test_a_url_is_enough() -> None:
    source = source_of(tomllib.loads(URL))
    assert source == Source("https://shop.example/orders")
    assert (source.items, source.pagination, source.rate) == ("", NoPagination(), 1.0)
    assert source.schedule == "*/5 * * * *"


@pytest.mark.parametrize(
    "source",
    [
        SOURCE,
        Source("https://shop.example/orders", schedule="manual", rate=0),
        Source("https://shop.example/", pagination=PageNumber("n", 50, True, "p", 0)),
        Source("https://shop.example/", pagination=LinkHeader()),
        Source("https://shop.example/", pagination=Cursor(path="next")),
        Source("https://shop.example/", pagination=NoPagination("limit", 9)),
        Source(
            'https://shop.example/"quoted"/größe',
            params=(RunParam("x.y", "number", 0.5, 'say "x"\n'),),
        ),
    ],
)
def test_written_lines_are_read_back(source: Source) -> None:
    text = "\n".join(["[source]", *lines_of(source)])
    assert source_of(tomllib.loads(text)["source"]) == source


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "source.url is missing"),
        ("url = 3", "source.url: expected text"),
        ('url = "shop.example"', "source.url: expected http://HOST/"),
        ('url = "ftp://shop.example"', "source.url: expected http://HOST/"),
        ('url = "https://me:pass@shop.example"', "source.url: holds a user name"),
        (URL + "speed = 3", "source: unknown: speed"),
        (URL + "rate = -1", "source.rate: expected a number of at least 0"),
        (URL + 'rate = "fast"', "source.rate: expected a number of at least 0"),
        (URL + "rate = nan", "source.rate: expected a number of at least 0"),
        (URL + 'schedule = "hourly"', "source.schedule: expected five fields of cron"),
        (URL + "items = 3", "source.items: expected text"),
        (URL + 'drop = "login"', "source.drop: expected a list of paths"),
        (URL + 'drop = ["a.*.b"]', "source.drop: "),
        (URL + 'query = {key = "secret:shop"}', "source.query.key: secrets belong into"),
        (URL + "query = {a = [1]}", "source.query.a: expected text, a number"),
        (
            URL + 'headers = {Authorization = "Bearer abc"}',
            r"source.headers.Authorization: .*secre",
        ),
        (URL + 'headers = {X-Api-Key = "abc"}', "source.headers.X-Api-Key: expected"),
        (URL + 'headers = {"a b" = "c"}', "source.headers: a name has"),
        (URL + 'headers = {Accept = "a\\nb"}', "source.headers.Accept: expected text"),
        (URL + "pagination = 3", r"source.pagination: expected a section \[source.pagination\]"),
        (URL + '[pagination]\nkind = "pages"', "source.pagination.kind: expected none, page"),
        (URL + '[pagination]\nkind = "cursor"', "source.pagination.next is missing"),
        (URL + '[pagination]\nkind = "link"\npage = "p"', "source.pagination: unknown: page"),
        (URL + "[pagination]\nlargest = 5", "source.pagination.largest: needs size"),
        (URL + '[pagination]\nsize = "n"\nlargest = 0', "source.pagination.largest: expected an"),
        (URL + '[pagination]\nkind = "page"\nendless = 1', "source.pagination.endless: expected t"),
        (URL + 'rate = 0\n[pagination]\nkind = "page"\nendless = true', "source.rate: 0 needs"),
        (URL + 'query = {page = 2}\n[pagination]\nkind = "page"', "source: page is a parameter of"),
        (URL + "[params.count]", "source.params.count: every source has it"),
        (URL + '[params.nat]\ntype = "list"', "source.params.nat.type: expected text, integer"),
        (
            URL + "[params.nat]\ndefault = 3",
            "source.params.nat.default: expected a value of type t",
        ),
        (URL + '[params.n]\ntype = "integer"\ndefault = true', "source.params.n.default: expected"),
        (URL + '[params.n]\ntype = "integer"\nper_run = true', "source.params.n.per_run: needs"),
        (URL + "query = {n = 1}\n[params.n]", "source.params: also in source.query: n"),
    ],
)
def test_an_error_names_the_field(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=f"^{error}"):
        source_of(tomllib.loads(text))


def test_a_source_is_a_section() -> None:
    with pytest.raises(ValueError, match=r"^source: expected a section \[source\]"):
        source_of("https://shop.example")


@pytest.mark.parametrize(
    ("url", "environ", "address"),
    [
        ("${A:-http://a}/x", {}, "http://a/x"),
        ("${A:-http://a}/x", {"A": "https://b:1"}, "https://b:1/x"),
        ("${A:-http://a}/x", {"A": ""}, "http://a/x"),
        ("$A/x", {"A": "http://a"}, "http://a/x"),
        ("${A}x", {"A": "http://a"}, "http://ax"),
    ],
)
def test_an_environment_variable_may_name_the_server(
    url: str, environ: dict[str, str], address: str
) -> None:
    assert Source(url).address(environ) == address


def test_a_missing_variable_is_named_when_a_run_begins() -> None:
    source = source_of({"url": "$SHOP_URL"})
    with pytest.raises(ValueError, match="environment variable SHOP_URL is not set"):
        source.address({})
