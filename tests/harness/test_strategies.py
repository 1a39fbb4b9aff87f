"""The rows of tests/tables: their keys differ, and only the named column is outside its domain."""

from __future__ import annotations

import pytest

from cli.host.paths import ROOT
from contract.stores.postgres.table import writable
from contract.table import folder
from contract.table.kinds import parse
from contract.table.table import Table
from tests.contract.table.kinds.strategies import LABELS
from tests.harness.strategies import good_rows, rows

FILES = ROOT / "tests/tables/files"
TABLES = folder.examine(folder.texts(FILES)).tables
WRITTEN = [TABLES["everything"], TABLES["order_lines"], TABLES["parts"]]


def test_everything_has_every_kind_in_40_columns() -> None:
    columns = TABLES["everything"].columns
    assert len(columns) == 40
    kinds = {parser.__self__ for parser in parse.PARSERS if hasattr(parser, "__self__")}
    assert len(kinds) > 15
    carried = {type(column.kind) for column in columns}
    assert kinds <= carried, kinds - carried


@pytest.mark.parametrize("table", WRITTEN, ids=lambda table: table.name)
def test_keys_differ_also_between_seeds(table: Table) -> None:
    last = table.key[-1].name  # alone: the other columns of the key have few values
    made = [*good_rows(table, 50, 20), *good_rows(table, 50, 20, seed=13)]
    assert len({row[last] for row in made}) == len(made) == 100


@pytest.mark.parametrize("table", WRITTEN, ids=lambda table: table.name)
def test_rows_have_every_column_that_an_application_writes(table: Table) -> None:
    made = list(rows(table, 200, 20))
    assert {frozenset(row) for row, _ in made} == {frozenset(c.name for c in writable(table))}
    spoiled = {column for _, column in made if column}
    assert len(spoiled) > len(table.columns) / 2
    nullable = {column.name for column in table.columns if column.nullable}
    for row, column in made:
        assert {name for name, value in row.items() if value is None} <= {*nullable, column}


def test_the_enum_has_the_labels_of_its_values() -> None:
    script = (FILES / "everything.sql").read_text()
    for label in LABELS:
        assert "'" + label.replace("'", "''") + "'" in script
