"""Named queries of a table: parameters by the columns' kinds, personal values masked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contract.errors import InvalidInputError, NotFoundError
from control_center.pipeline.masking import MASK
from control_center.pipeline.queries import LIMIT, bound, masked_places, run
from tests.control_center.in_memory_clients import InMemoryClients
from tests.control_center.sample_tables import ORDERS, USERS

OF_CUSTOMER = ORDERS.queries["of_customer"]
ID = "0d5f1c2e-0000-4000-8000-00000000000a"


@pytest.fixture
def clients(tmp_path: Path) -> InMemoryClients:
    clients = InMemoryClients(tmp_path)
    clients.store.types = {"customer": "text"}
    clients.store.queries = {OF_CUSTOMER: (["number", "größe"], [(7, "secret"), (8, None)])}
    return clients


def test_a_query_with_its_parameter(clients: InMemoryClients) -> None:
    result = run(clients, ORDERS, "of_customer", {"customer": "a,b"})
    assert clients.store.bound == {"customer": "a,b"}
    assert result.columns == ("number", "größe")
    assert result.rows == ({"number": 7, "größe": MASK}, {"number": 8, "größe": None})
    assert not result.more


def test_unmasked_values_are_shown(clients: InMemoryClients) -> None:
    result = run(clients, ORDERS, "of_customer", {"customer": "a"}, unmasked=True)
    assert result.rows[0] == {"number": 7, "größe": "secret"}


def test_a_page_has_a_limit(clients: InMemoryClients) -> None:
    rows: list[tuple[Any, ...]] = [(number, None) for number in range(LIMIT + 5)]
    clients.store.queries[OF_CUSTOMER] = (["number", "größe"], rows)
    result = run(clients, ORDERS, "of_customer", {"customer": "a"})
    assert (len(result.rows), result.more) == (LIMIT, True)


def test_an_unknown_query_is_answered_with_the_names_that_exist(clients: InMemoryClients) -> None:
    with pytest.raises(NotFoundError) as missing:
        run(clients, USERS, "everybody", {})
    assert missing.value.remedy == f"The queries are {', '.join(USERS.queries)}."


@pytest.mark.parametrize("parameters", [{}, {"country": "x"}, {"customer": "a", "number": "1"}])
def test_the_parameters_are_those_of_the_query(
    clients: InMemoryClients, parameters: dict[str, str]
) -> None:
    with pytest.raises(InvalidInputError, match=r"queries\.of_customer takes customer"):
        run(clients, ORDERS, "of_customer", parameters)


@pytest.mark.parametrize("cql", ["DELETE FROM people.orders", "TRUNCATE people.orders", ""])
def test_only_a_select_runs(clients: InMemoryClients, cql: str) -> None:
    with pytest.raises(InvalidInputError, match="is not a SELECT"):
        run(clients, replace(ORDERS, queries={"q": cql}), "q", {})


@pytest.mark.parametrize(
    ("parameter", "cql_type", "text", "value"),
    [
        ("id", "uuid", ID.upper(), UUID(ID)),
        ("street_number", "int", "12", 12),
        ("latitude", "double", "1.5", 1.5),
        ("registered_at", "timestamp", "2026-11-22T12:00:00Z", 1_795_348_800_000),
        ("registered_at", "timestamp", "1795348800000", 1_795_348_800_000),
        ("since", "timestamp", "2026-11-22T12:00:00Z", 1_795_348_800_000),
        ("page", "int", "7", 7),
        ("flag", "boolean", "True", True),
        ("word", "text", "", ""),
    ],
)
def test_a_value_has_the_kind_of_its_column_or_else_of_its_parameter(
    parameter: str, cql_type: str, text: str, value: object
) -> None:
    assert bound(USERS, "q", {parameter: cql_type}, {parameter: text}) == {parameter: value}


@pytest.mark.parametrize(
    ("parameter", "cql_type", "text"),
    [
        ("id", "uuid", "seven"),
        ("registered_at", "timestamp", "yesterday"),
        ("page", "int", "x"),
        ("flag", "boolean", "maybe"),
        ("since", "timestamp", ""),
        ("tags", "list<text>", "a"),
    ],
)
def test_a_value_of_another_type_is_named_without_showing_it(
    parameter: str, cql_type: str, text: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"{parameter} is not a value of {cql_type}"):
        bound(USERS, "q", {parameter: cql_type}, {parameter: text})


@pytest.mark.parametrize(
    ("cql", "columns", "masked"),
    [
        ("SELECT * FROM people.orders", ["number", "note"], {1}),
        ("SELECT number, note FROM people.orders", ["number", "note"], {1}),
        ("select NOTE, number from people.orders", ["note", "number"], {0}),
        ('SELECT "note" AS number, number AS n FROM people.orders', ["number", "n"], {0}),
        ('SELECT "NOTE" FROM people.orders', ["NOTE"], set()),
        ("SELECT toJson(note) FROM people.orders", ["system.tojson(note)"], {0}),
        ("SELECT DISTINCT number FROM people.orders", ["number"], set()),
        ("SELECT count(*) FROM people.orders", ["count"], set()),
        ("SELECT max(number), f(number, note) FROM people.orders", ["a", "b"], {1}),
        ("SELECT JSON * FROM people.orders", ["[json]"], {0}),
        ("SELECT JSON number FROM people.orders", ["[json]"], {0}),
    ],
)
def test_personal_columns_are_masked_under_every_name(
    cql: str, columns: list[str], masked: set[int]
) -> None:
    assert masked_places(ORDERS, cql, columns) == masked
