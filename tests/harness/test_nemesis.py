"""Definitions of faults, and what surrounds them: names, the journal, the verdict, the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest

from cli.commands import faults as command
from tests.faults import reliability, result
from tests.faults.checker.verdict import compare, expected_rows
from tests.faults.nemesis import journal
from tests.faults.nemesis.catalogue import catalogue, chosen
from tests.faults.nemesis.fault import Fault, Promise, Service
from tests.faults.nemesis.journal import Journal, cleaned, injected
from tests.faults.result import Result
from tests.harness.platform import Platform
from tests.harness.slopes import mebibytes, slope
from tests.harness.workload.model import Model
from tests.harness.workload.table import table

SERVICES = (
    Service("cassandra-1"),
    Service("connect", ("kafka-1", "postgres")),
    Service("kafka-1", ("zookeeper-1",)),
    Service("postgres"),
    Service("spark-worker-1", ("cassandra-1",)),
    Service("zookeeper-1"),
)
FAULTS = catalogue(SERVICES)
NOBODY = cast(Platform, None)


def test_names_are_unique() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names)) > 45


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_says_what_it_does_and_what_is_promised(fault: Fault) -> None:
    assert fault.effect and fault.not_proven
    halts = fault.promise is Promise.HALTS
    assert (bool(fault.cause), bool(fault.remedy)) == (halts, halts)


def test_quick_faults_exist() -> None:
    quick = {f"{fault.family}:{target}" for fault in FAULTS for target in fault.quick_targets}
    assert quick == {fault.name for fault in FAULTS if fault.is_quick}


def test_help_lists_every_family() -> None:
    assert command.families().keys() == {fault.family for fault in FAULTS}
    assert all(command.families().values())


def test_a_choice_is_a_name_a_family_or_a_pattern() -> None:
    def names(pattern: str) -> list[str]:
        return [fault.name for fault in chosen(FAULTS, pattern)]

    assert names("kill:kafka-1") == ["kill:kafka-1"]
    assert names("slot") == ["slot:dropped", "slot:invalidated"]
    assert names("ki*:kafka-1, slot:dropped") == ["kill:kafka-1", "slot:dropped"]
    assert names("*") == [fault.name for fault in FAULTS]
    with pytest.raises(ValueError, match="no fault matches kil; make faults --help"):
        names("kil")


def test_each_pair_that_talks_is_cut() -> None:
    cuts = {fault.target for fault in FAULTS if fault.family == "cut"}
    assert cuts == {
        "connect/kafka-1",
        "connect/postgres",
        "kafka-1/zookeeper-1",
        "spark-worker-1/cassandra-1",
    }


# --- journal --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Noted(Fault):
    """Notes what happens to it."""

    family: ClassVar[str] = "noted"
    not_proven: ClassVar[str] = "all"
    events: list[str] = field(default_factory=list)
    fails: bool = False

    @property
    def effect(self) -> str:
        return "notes"

    def inject(self, platform: Platform) -> None:
        self.events.append("inject")
        if self.fails:
            raise ValueError("half of the fault")

    def heal(self, platform: Platform) -> None:
        self.events.append("heal")

    def clean(self, platform: Platform) -> None:
        self.events.append("clean")


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    made = Journal(tmp_path / "journal.json")
    monkeypatch.setattr(journal.Journal, "of", classmethod(lambda *_: made))
    return made


def test_a_fault_ends_with_its_block(written: Journal) -> None:
    fault = Noted()
    with injected(NOBODY, fault):
        assert written.names() == ["noted"]
    cleaned(NOBODY, fault)
    assert (fault.events, written.names()) == (["inject", "heal", "clean"], [])


def test_a_fault_that_begins_in_part_ends_too(written: Journal) -> None:
    fault = Noted(fails=True)
    with pytest.raises(ValueError), injected(NOBODY, fault):
        pass
    assert (fault.events, written.names()) == (["inject", "heal"], ["noted"])


def test_the_next_run_ends_a_fault_of_a_run_that_was_killed(written: Journal) -> None:
    fault, other = Noted(), Noted("other")
    written.add("noted")
    written.heal(NOBODY, [fault, other])
    assert (fault.events, other.events, written.names()) == (["heal", "clean"], [], [])


# --- verdict --------------------------------------------------------------------------------------


@contextmanager
def changed(rows: dict[str, dict[str, Any]], key: str, **values: Any) -> Iterator[None]:
    before = rows[key]
    rows[key] = before | values
    yield
    rows[key] = before


def test_the_verdict_counts_lost_and_wrong_rows() -> None:
    model = Model("verdict")
    model.advance(100)
    expected = expected_rows(model, table())
    actual = dict(expected)
    assert compare("store", expected, actual).is_clean
    first, second, third, fourth = sorted(actual)[:4]
    del actual[first]
    actual["10000"] = actual[second] | {"id": 10_000}
    with changed(actual, third, step=-1), changed(actual, fourth, word="another"):
        verdict = compare("store", expected, actual)
    assert (verdict.lost, verdict.wrong) == (2, 2)
    assert f"store: {first}: missing" in verdict.lines
    assert "store: 10000: unexpected" in verdict.lines
    assert len(verdict.lines) == 4
    assert (verdict + verdict).lost == 4


# --- report ---------------------------------------------------------------------------------------


def test_results_are_kept_by_fault(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    first = Result("kill:kafka-1", "recovers", recovery_s=20.4, rows=4000, on="2026-11-27")
    result.save(path, [first, Result("slot:dropped", "halts loudly", failure="lost\nmore")])
    assert result.load(path)["kill:kafka-1"] == first
    assert result.load(tmp_path / "none.json") == {}


def test_the_document_shows_results_failures_and_what_was_not_run() -> None:
    shown = reliability.document(
        {
            "kill:kafka-1": Result("kill:kafka-1", "recovers", recovery_s=120, rows=4000, on="day"),
            "slot:x": Result("slot:x", "halts loudly", named_s=3, lost=1, failure="a | b\nmore"),
        }
    )
    assert "| kill:kafka-1 | recovers | **120 s** | - | - | 4,000 | 0 | 0 | day |" in shown
    assert "| slot:x | **failed**: a / b | - | 3 s | - | 0 | 1 | 0 |  |" in shown
    assert "| recovers | 1 run |" in shown
    assert "| halts loudly | not run yet |" in shown


def test_the_document_is_that_of_the_results() -> None:
    results = result.load(reliability.RESULTS)
    assert reliability.DOCUMENT.read_text() == reliability.document(results)


# --- slopes ---------------------------------------------------------------------------------------


def test_the_slope_of_a_line() -> None:
    assert slope([(0, 5), (10, 25), (20, 45)]) == pytest.approx(2)
    assert slope([(0, 5)]) == 0


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("1.5GiB / 2GiB", 1536), ("512KiB / 1GiB", 0.5), ("20MiB", 20), ("0B / 0B", 0)],
)
def test_memory_as_docker_shows_it(shown: str, expected: float) -> None:
    assert mebibytes(shown) == expected
