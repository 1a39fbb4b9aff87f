"""Keys that match, differ, are missing, refreshed or excluded."""

from __future__ import annotations

import pytest

from control_center.jobs.compare.store_digests import StoreDigests


def test_hidden_changed_reverted_and_added_keys_differ() -> None:
    truth = {"same": 1, "hidden": 2, "changed": 3, "reverted": 4}
    cassandra = {"same": 1, "changed": 30, "reverted": 40, "added": 5}
    stores = StoreDigests(dict(truth), dict(truth), cassandra)
    assert stores.mismatches() == {"hidden", "changed", "reverted", "added"}
    assert stores.missing_in("hidden") == ["cassandra"]
    assert stores.missing_in("added") == ["postgres", "topic"]
    assert stores.missing_in("changed") == []


@pytest.mark.parametrize("store", ["postgres", "topic", "cassandra"])
def test_a_key_in_one_store_alone_differs(store: str) -> None:
    stores = StoreDigests({}, {}, {})
    stores.by_name()[store]["a"] = 1
    assert stores.mismatches() == {"a"}


@pytest.mark.parametrize("store", ["postgres", "topic", "cassandra"])
def test_one_differing_store_is_enough(store: str) -> None:
    stores = StoreDigests({"a": 1}, {"a": 1}, {"a": 1})
    assert stores.matches("a")
    stores.by_name()[store]["a"] = 2
    assert not stores.matches("a")


def test_refreshed_keys_take_their_new_digests() -> None:
    stores = StoreDigests({"a": 2, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 1})
    latest = StoreDigests({"a": 2}, {"a": 2}, {"a": 2})
    stores.refresh(["a", "unknown"], latest)
    assert stores == StoreDigests({"a": 2, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 1})


def test_a_refreshed_key_disappears_from_a_store_that_lacks_it_now() -> None:
    stores = StoreDigests({"a": 2}, {"a": 2}, {"a": 2})
    stores.refresh(["a"], StoreDigests({}, {}, {"a": 2}))
    assert stores == StoreDigests({}, {}, {"a": 2})


def test_excluded_keys_are_in_no_store() -> None:
    stores = StoreDigests({"a": 1, "b": 1}, {}, {"a": 1})
    stores.exclude(["a", "unknown"])
    assert stores == StoreDigests({"b": 1}, {}, {})
