"""The table that a page shows is chosen by the URL; pages keep the choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from control_center.clients.clients import Clients
from control_center.config import Settings
from control_center.web.context import AppContext
from control_center.web.ui.layout import choose, with_table
from tests.control_center.health.tables import ORDERS, USERS, deploy


def context(tmp_path: Path, *tables: str) -> AppContext:
    artifacts = deploy(tmp_path / "artifacts", *tables)
    settings = Settings.load({"STATE": tmp_path, "ARTIFACTS": artifacts})
    return AppContext.of(Clients(settings), ["x"])


def test_the_first_table_by_name_is_the_default(tmp_path: Path) -> None:
    assert choose(context(tmp_path, "users", "orders"), None) == (["orders", "users"], ORDERS, "")


def test_the_url_names_the_table(tmp_path: Path) -> None:
    assert choose(context(tmp_path, "users", "orders"), "users") == (
        ["orders", "users"],
        USERS,
        "",
    )


@pytest.mark.parametrize("name", ["invoices", "", "<script>", "users/../orders"])
def test_an_unknown_table_leaves_the_choice_to_the_user(tmp_path: Path, name: str) -> None:
    names, table, fault = choose(context(tmp_path, "users"), name)
    assert (names, table) == (["users"], None)
    assert fault == "No such table in the deployed release. The tables are users."


def test_no_table_is_deployed(tmp_path: Path) -> None:
    assert choose(context(tmp_path), None) == ([], None, "No table is deployed: make deploy-dags.")


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = context(tmp_path, "users")
    (tmp_path / "artifacts/releases/abc/tables/users.toml").write_text("key = 7")
    _, table, fault = choose(broken, None)
    assert table is None
    assert fault.startswith("Tables/users.toml: [columns] is missing")


def test_links_to_other_pages_keep_the_table() -> None:
    assert with_table("/messages", ORDERS) == "/messages?table=orders"
    assert with_table("/messages", None) == "/messages"
