"""What the page asks for, and what the audit log may hold of a key."""

from __future__ import annotations

from contract.table import file
from control_center.web.ui.pages.row import known_form, logged_key, prompt
from tests.control_center.health.tables import ORDERS, USERS

ID = "89254969-771b-47a0-bfb6-345d262fbae9"


def test_the_field_names_the_key_and_the_indexed_columns() -> None:
    assert prompt(USERS) == "id, or a value of email"
    assert prompt(ORDERS) == "[tenant, number] as JSON, or a value of note"


def test_a_pasted_key_has_one_form() -> None:
    assert known_form(USERS, f" {ID.upper()}\n") == ID
    assert known_form(USERS, "ana@example.com") is None


def test_a_personal_key_is_not_logged() -> None:
    text = 'key = ["email"]\n[columns]\nemail = "varchar(99) personal"\n'
    contacts = file.read("contacts", text)
    assert logged_key(contacts, "ana@example.com") == "a row"
    assert logged_key(USERS, ID) == ID
