"""The folder of tables: every table of a release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from contract.table import file
from contract.table.debezium_names import table_name
from contract.table.file import TableFileError
from contract.table.table import Table

FOLDER = "tables"
SUFFIX = ".toml"


def load(folder: Path) -> dict[str, Table]:
    """Name → table, in the order of the names; {} without the folder. Raises TableFileError."""
    return read({path.stem: _text(path) for path in folder.glob(f"*{SUFFIX}")})


def read(files: Mapping[str, str]) -> dict[str, Table]:
    """The tables of files, given as name → text. Raises TableFileError."""
    tables = {name: file.read(name, text) for name, text in sorted(files.items())}
    owners: dict[str, str] = {}
    for table in tables.values():
        topic = table_name(table.schema, table.relation)
        other = owners.setdefault(topic, table.name)
        if other != table.name:
            raise TableFileError(
                f"tables/{table.name}.toml: shares the topic {topic} with tables/{other}.toml"
            )
    return tables


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise TableFileError(f"{FOLDER}/{path.name}: not UTF-8: {error}") from error
