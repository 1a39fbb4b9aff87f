"""The source's people are sorted as the DAG sorts them."""

from __future__ import annotations

import pytest

from control_center.jobs.smoke_test import source
from control_center.jobs.smoke_test.source import SourcePeople

KEYS = ["0d5f1c2e-0000-4000-8000-00000000000a", "0d5f1c2e-0000-4000-8000-00000000000b"]


def test_the_last_of_repeated_people_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def row(person: dict[str, str]) -> tuple[str, str]:
        if person["city"] == "":
            raise ValueError("no city")
        return person["id"], person["city"]

    monkeypatch.setattr(source, "row", row)
    people = SourcePeople()
    people.add([{"id": KEYS[0], "city": "Lyon"}, {"id": KEYS[1], "city": ""}])
    people.add([{"id": KEYS[0], "city": "Essen"}])
    assert people == SourcePeople({KEYS[0]: (KEYS[0], "Essen")}, refused=1, repeated=1)
