"""Names in SQL and CQL."""

from __future__ import annotations

from contract.stores.quoting import quoted


def test_a_name_keeps_its_letters() -> None:
    assert quoted("Größe") == '"Größe"'


def test_a_quote_in_a_name_is_doubled() -> None:
    assert quoted('a"b') == '"a""b"'
