"""Tables to test with."""

from __future__ import annotations

from cli.host.paths import ROOT
from contract.table import file, folder
from contract.table.paths import FOLDER
from contract.table.table import Table

USERS = folder.load(ROOT / FOLDER).tables["users"]


def table(*columns: str, source: str = "") -> Table:
    """A table with the columns `name = spec`, whose key is `id`."""
    text = "\n".join(['key = ["id"]', "[columns]", 'id = "int4"', *columns, source])
    return file.read("things", text)
