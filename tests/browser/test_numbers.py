"""Numbers on the pages equal those of the engines' own tools, within rounding.

tests/harness/numbers/catalogue.py has the engine of each column. The engine is asked before and
after the page is read, because rows flow meanwhile: the page shows what the engine had between.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from tests.browser.conftest import Visit
from tests.browser.engines import PlatformEngines, label_of, open_table, rows_shown
from tests.browser.test_pages import DESKTOP
from tests.browser.visitor import Visitor
from tests.harness.kafka import records
from tests.harness.numbers import engines, parsers
from tests.harness.numbers.catalogue import NUMBERS, TEXTS, Number
from tests.harness.numbers.engines import EVENTS, Values
from tests.harness.numbers.shown import Shown, differences, numbers
from tests.harness.numbers.summaries import SUMMARIES, Summary, unexplained
from tests.harness.platform import Platform
from tests.harness.tables import USERS
from tests.harness.wait import eventually

LIMIT_S = 120
# A page reads its stage every 10 s and Home every 5 s; the newest reading is the page's.
FRESH_S = 11
NOTHING = "\N{EN DASH}"
A_NUMBER = re.compile(r"[\d,]+(\.\d+)?( ms| B| [KMG]iB)?")


@pytest.fixture(scope="module")
def engine(platform: Platform, keys: list[str]) -> Iterator[PlatformEngines]:
    """The engines, while no rows are ingested: a number then stays for longer than a page's
    pause."""
    platform.pause("ingest_users", True)
    platform.end_runs("ingest_users")
    time.sleep(FRESH_S)
    platform.job("compare")
    yield PlatformEngines(platform)
    platform.pause("ingest_users", False)
    platform.await_end(platform.ingest(10))  # the runs that were ended count as failed


@dataclass(frozen=True)
class Question:
    """A number: what the engine has, and what the open page shows."""

    name: str
    ask: Callable[[], Values]
    read: Callable[[], dict[str, tuple[Shown, ...]]]
    absolute: float = 0
    relative: float = 0


def agree(questions: Sequence[Question], pause_s: float = FRESH_S) -> None:
    """Fails with the differences that remain until the limit."""
    until, remaining = time.monotonic() + LIMIT_S, list(questions)
    while True:
        before = {question.name: question.ask() for question in remaining}
        time.sleep(pause_s)  # the page reads at least once meanwhile
        shown = {question.name: question.read() for question in remaining}
        lines = {
            question.name: differences(
                shown[question.name],
                before[question.name],
                question.ask(),
                question.absolute,
                question.relative,
            )
            or ([] if shown[question.name] else ["the page shows no row"])
            for question in remaining
        }
        remaining = [question for question in remaining if lines[question.name]]
        if not remaining:
            return
        left = [f"{name}: {line}" for name, faults in lines.items() for line in faults]
        assert time.monotonic() < until, "\n".join(left)


def question_of(visitor: Visitor, engine: PlatformEngines, number: Number) -> Question:
    def read() -> dict[str, tuple[Shown, ...]]:
        shown: dict[str, tuple[Shown, ...]] = {}
        for row in rows_shown(visitor, number.table):
            label, text = label_of(row, number.labels), row[number.field]
            if is_of_users(number, label):  # the newest row with a label comes first
                shown.setdefault(label, number.read(text) if text != NOTHING else ())
        return shown

    return Question(
        number.column, lambda: number.engine(engine), read, number.absolute, number.relative
    )


def is_of_users(number: Number, label: str) -> bool:
    """The engines are asked about one table."""
    by_table = ("stages/spark/lag", "home/TABLES")
    return number.table not in by_table or label.split()[0] == USERS.name


@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", ["stages", "home", "comparison", "messages", "schemas"])
def test_the_columns_equal_their_engines(visit: Visit, engine: PlatformEngines, page: str) -> None:
    visitor = visit("reader", **DESKTOP)
    numbers_of_page = [item for item in NUMBERS if item.column.startswith(f"{page}/")]
    assert numbers_of_page
    for table in {number.table for number in numbers_of_page}:
        open_table(visitor, table)
    questions = [question_of(visitor, engine, number) for number in numbers_of_page]
    agree(questions, 0 if page in ("messages", "schemas") else FRESH_S)


def test_every_column_is_of_a_page_that_is_tested() -> None:
    pages = {number.column.partition("/")[0] for number in NUMBERS}
    assert pages == {"stages", "home", "comparison", "messages", "schemas"}


@pytest.mark.timeout(600)
def test_the_sentences_of_the_probes_equal_their_engines(
    visit: Visit, engine: PlatformEngines
) -> None:
    visitor = visit("reader", **DESKTOP)
    open_table(visitor, "home/columns")

    def question(summary: Summary) -> Question:
        def read() -> dict[str, tuple[Shown, ...]]:
            rows = {row["name"]: row["summary"] for row in rows_shown(visitor, "home/columns")}
            match = re.search(summary.pattern, rows[summary.probe])
            texts = match.groups() if match else ()
            return {"": tuple(shown for text in texts for shown in numbers(text))}

        return Question(summary.probe, lambda: summary.engine(engine), read, summary.absolute)

    agree([question(summary) for summary in SUMMARIES])


@pytest.mark.timeout(300)
def test_no_number_is_shown_unchecked(visit: Visit, engine: PlatformEngines) -> None:
    """Columns that are classified as texts hold no numbers, and sentences no other numbers."""
    visitor = visit("reader", **DESKTOP)
    unchecked = []
    for table, fields in TEXTS.items():
        if not table.startswith(("stages/", "home/")):
            continue
        open_table(visitor, table)
        rows = rows_shown(visitor, table)
        # a partition names its row
        names = {"stages/spark/lag": {"partition"}}.get(table, set())
        unchecked += [
            f"{table}/{field}: {row[field]}"
            for row in rows
            for field in set(fields.split()) - names
            if A_NUMBER.fullmatch(row[field])
        ]
    open_table(visitor, "home/columns")
    unchecked += [
        f"{row['name']}: {row['summary']}"
        for row in rows_shown(visitor, "home/columns")
        if row["state"].endswith("ok") and unexplained(row["name"], row["summary"])
    ]
    assert unchecked == []


@pytest.mark.timeout(300)
def test_the_path_of_a_row_equals_its_engines(
    visit: Visit, engine: PlatformEngines, keys: list[str]
) -> None:
    visitor = visit("reader", **DESKTOP)
    key = keys[0]
    visitor.page.goto(f"{visitor.url}/row?table=users&key={key}")
    eventually(lambda: rows_shown(visitor, "row/VERSIONS"), "the versions", 120)
    newest = rows_shown(visitor, "row/VERSIONS")[0]
    [(lsn, committed_at, partition, offset)] = engine.cql(
        "SELECT source_lsn, to_unix_timestamp(committed_at), topic_partition, topic_offset"
        f" FROM people.users WHERE id = {key}"
    )
    message = next(
        record
        for record in records(visitor.platform, EVENTS)
        if record.position.partition == partition and record.position.offset == offset
    )
    batch = next(item for item in engines.batches(engine) if item.covers(partition, offset))
    written_ms = batch.written_at.timestamp() * 1000
    assert newest["place"] == f"{partition} : {offset}"
    assert parsers.lsn(newest["lsn"]) == lsn
    assert_shows(newest["committed_at"], committed_at / 1000)
    assert_shows(newest["on_topic_at"], message.timestamp_ms / 1000)
    assert_shows(newest["batch"], batch.batch_id)
    assert_shows(newest["written_at"], written_ms / 1000)
    assert_shows(newest["total"], written_ms - committed_at)


def assert_shows(text: str, value: float) -> None:
    [number] = numbers(text)
    assert number.agrees(value, value, 0, 0), f"shown {text}, engine {value}"


@pytest.mark.timeout(300)
def test_the_rates_of_the_pipeline_equal_prometheus(visit: Visit, engine: PlatformEngines) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/?table=users")
    steps = {
        "PostgreSQL": "riada:rows_committed:rate2m",
        "Kafka": "riada:rows_on_topic:rate2m",
        "Cassandra": "riada:rows_in_cassandra:rate2m",
    }

    def ask() -> Values:
        return {
            step: tuple(engines.prometheus(engine, f"sum({rate})").values())
            for step, rate in steps.items()
        }

    def read() -> dict[str, tuple[Shown, ...]]:
        texts = visitor.page.locator("#pipeline li").all_inner_texts()
        matches = (re.match(r"(\w+)\n(?s:.*?)([\d,.]+) rows/s", text) for text in texts)
        return {match[1]: numbers(match[2]) for match in matches if match}

    agree([Question("rows/s", ask, read, 0.05, 0.05)], pause_s=16)


LAST_POINTS = """() => [...document.querySelectorAll('#delivery .chart')].flatMap(element =>
    getElement(Number(element.id.slice(1))).chart.getOption().series
        .filter(line => line.data.length).map(line => [line.name, ...line.data.at(-1)]))"""
LINES = {
    "committed in PostgreSQL": '60 * riada:rows_committed:rate2m{table="users"} @ AT',
    "on the topic": '60 * riada:rows_on_topic:rate2m{table="users"} @ AT',
    "in Cassandra": '60 * riada:rows_in_cassandra:rate2m{table="users"} @ AT',
    "p50": '1000 * riada:freshness_seconds:p50{table="users"} @ AT',
    "p99": '1000 * riada:freshness_seconds:p99{table="users"} @ AT',
    "verified behind": 'AT - riada_verified_through_seconds{table="users"} @ AT',
    "rows that differ": 'sum(riada_rows_differ{table="users"} @ AT)',
}


@pytest.mark.timeout(300)
def test_the_charts_equal_prometheus(visit: Visit, engine: PlatformEngines) -> None:
    visitor = visit("reader", **DESKTOP)
    visitor.open("/?table=users")
    points = eventually(lambda: visitor.page.evaluate(LAST_POINTS), "points of the charts", 180)
    assert {name for name, _, _ in points} <= LINES.keys()
    for name, at_ms, value in points:
        expression = LINES[name].replace("AT", f"{at_ms / 1000:.0f}")
        [expected] = engines.prometheus(engine, expression).values()
        assert value == pytest.approx(expected, abs=0.001), f"{name} at {at_ms}"


@pytest.mark.timeout(300)
def test_the_number_of_dead_letters_equals_kafka(visit: Visit, engine: PlatformEngines) -> None:
    visitor: Visitor = visit("reader", **DESKTOP)
    visitor.open("/dead-letters?table=users")
    [total] = engines.sent(engines.DEAD_LETTERS)(engine).values()
    text = visitor.page.locator("#dead-letters").inner_text()
    assert numbers(text)[0].value == total[0], text
