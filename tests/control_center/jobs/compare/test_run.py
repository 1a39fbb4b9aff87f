"""The comparison's logic: digests, newest versions, offsets, and what stays different."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contract.stream.batches import BatchRecord
from contract.table.checksum import checksum
from contract.table.columns import COLUMNS, NAMES
from control_center.jobs.compare.digests import Newest, Sides, Topic, digest, total
from control_center.jobs.compare.offsets import Offsets, gaps
from control_center.pipeline.row_diff import changed_columns, compare

VALUES: dict[str, Any] = {
    "uuid": "b25124b3-cd58-477d-8365-6a42f620507e",
    "text": "Ana",
    "int": 7,
    "double": 3.1635,
    "timestamp": datetime(1983, 2, 18, 19, 45, 6, 219000, tzinfo=UTC),
}


def person(**changes: Any) -> tuple[Any, ...]:
    return tuple(changes.get(column.name, VALUES[column.kind]) for column in COLUMNS)


def test_the_sum_of_digests_is_the_checksum_of_the_rows() -> None:
    rows = [person(city=name) for name in ("Clane", "Lyon", "Essen")]
    assert str(total(map(digest, rows))) == str(checksum(rows))


def test_every_field_counts() -> None:
    other = {
        "uuid": UUID(int=1),
        "text": "Bo",
        "int": 8,
        "double": 3.1636,
        "timestamp": "2001-01-01",
    }
    for column in COLUMNS:
        assert digest(person(**{column.name: other[column.kind]})) != digest(person()), column.name


def test_the_stores_own_forms_are_equal() -> None:
    topic = person(date_of_birth="1983-02-18T19:45:06.219Z")
    cassandra = person(
        id=UUID(VALUES["uuid"]), date_of_birth=datetime(1983, 2, 18, 19, 45, 6, 219000)
    )
    assert changed_columns(person(), topic) == []
    assert changed_columns(person(), cassandra) == []


def test_differing_fields_are_named() -> None:
    assert changed_columns(person(), person(city="Lyon", id_value=None)) == ["city", "id_value"]
    assert NAMES[0] == "id"


def test_missing_and_differing_people() -> None:
    found = compare(
        {"a": person(), "b": person(), "c": person()}, {"a": person(), "c": person(city="x")}
    )
    assert (found.missing, found.fields) == (["b"], {"c": ["city"]})
    assert bool(found)
    assert not compare({"a": person()}, {"a": person(), "stranger": person()})


def event(lsn: int, value: int | None) -> Newest:
    return Newest(lsn, value, 0, lsn)


def test_the_highest_lsn_counts_not_the_last_read() -> None:
    topic = Topic()
    for one in (event(200, 2), event(100, 1)):
        topic.add("a", one)
    assert topic.people() == {"a": 2}


def test_the_deleted_are_not_there() -> None:
    topic = Topic()
    topic.add("a", event(1, 1))
    topic.add("a", event(2, None))
    topic.add("b", event(1, 1))
    assert topic.people() == {"b": 1}


def test_one_hidden_one_changed_one_added_one_reverted() -> None:
    truth = {"same": 1, "hidden": 2, "changed": 3, "reverted": 4}
    sides = Sides(dict(truth), dict(truth), {"same": 1, "changed": 30, "reverted": 40, "added": 5})
    assert sides.unequal() == {"hidden", "changed", "reverted", "added"}
    assert sides.missing("hidden") == ["cassandra"]
    assert sides.missing("added") == ["postgres", "topic"]


def test_a_second_look_mends_what_was_on_its_way() -> None:
    sides = Sides({"a": 2, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 1})
    sides.look_again(["a", "gone"], Sides({"a": 2}, {"a": 2}, {"a": 2}))
    assert sides.unequal() == set()
    sides.look_again(["a"], Sides({}, {}, {"a": 2}))
    assert sides.unequal() == {"a"}


def test_forgotten_keys_are_not_compared() -> None:
    sides = Sides({"a": 1}, {}, {"a": 1})
    sides.forget(["a"])
    assert sides.unequal() == set()


def test_every_offset_is_accounted_for() -> None:
    offsets = Offsets(expected=3, read=3, events=2, undecodable={(0, 7): "not Avro"})
    assert not offsets.complete
    assert offsets.unaccounted() == [(0, 7)]
    offsets.refused.add((0, 7))
    assert offsets.complete


def test_an_offset_that_was_not_read_is_missed() -> None:
    assert not Offsets(expected=3, read=2, events=2).complete


def batch(number: int, start: dict[int, int], end: dict[int, int]) -> BatchRecord:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return BatchRecord(number, now, now, start, end, 0, 0, 0, "abc", "driver-1")


def test_batches_that_meet_leave_no_gap() -> None:
    batches = [batch(2, {0: 9, 1: 4}, {0: 9, 1: 7}), batch(1, {0: 5}, {0: 9, 1: 4})]
    assert gaps([*batches, batches[1]], {0: 0, 1: 0}) == []


def test_batches_that_overlap_leave_no_gap() -> None:
    assert gaps([batch(1, {0: 5}, {0: 9}), batch(1, {0: 5}, {0: 7})], {0: 0}) == []


def test_offsets_between_batches_are_a_gap() -> None:
    found = gaps([batch(3, {0: 12, 1: 4}, {0: 20, 1: 5}), batch(1, {0: 5}, {0: 9, 1: 3})], {})
    assert found == [(0, 9, 12), (1, 3, 4)]


def test_what_retention_has_taken_is_no_gap() -> None:
    batches = [batch(3, {0: 12}, {0: 20}), batch(1, {0: 5}, {0: 9})]
    assert gaps(batches, {0: 12}) == []
    assert gaps(batches, {0: 11}) == [(0, 11, 12)]
