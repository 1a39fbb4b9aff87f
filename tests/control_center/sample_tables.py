"""The tables of these tests: users as it is delivered, and one without a source whose key has two
columns and whose names are odd."""

from __future__ import annotations

from pathlib import Path

from contract.kafka.topics import dead_letters, events
from contract.table import file, folder
from contract.table.paths import FOLDER

USERS = folder.load(Path(__file__).parents[2] / FOLDER).tables["users"]
TOPIC, DEAD_LETTERS = events(USERS).name, dead_letters(USERS).name

ORDERS = file.read(
    "orders",
    """
    schema = "shop"
    relation = "Order Lines"
    key = ["customer"]
    clustering = ["number"]
    indexes = ["größe"]
    [columns]
    customer = "text"
    number = "int4"
    "größe" = "varchar(9) null"
    note = "text null personal"
    placed = "timestamptz(3) null"
    [queries]
    of_customer = "SELECT number, note AS größe FROM people.orders WHERE customer = :customer"
    """,
)
# Texts that separate, quote or end something elsewhere.
ODD_TEXTS = ("a,b", 'say "no"', "it's", "two\nlines", "[1]", "%s", "ñ€😀", "\\", " ")
