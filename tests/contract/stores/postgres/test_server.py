"""Addresses of other PostgreSQL servers."""

from __future__ import annotations

import pytest

from contract.stores.postgres.server import Address, addresses


def test_addresses() -> None:
    assert addresses("") == {}
    assert addresses("shop=db.example, crm=10.0.0.5:5433,") == {
        "shop": Address("db.example", 5432),
        "crm": Address("10.0.0.5", 5433),
    }
    assert str(Address("db.example")) == "db.example:5432"


@pytest.mark.parametrize(
    "text", ["shop", "Shop=db", "shop=", "shop=db:x", "shop=db:70000", "shop=a,shop=b"]
)
def test_a_wrong_address_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="expected NAME=HOST or NAME=HOST:PORT"):
        addresses(text)
