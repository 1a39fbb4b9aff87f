"""The folder of tables: every table of a release, and the databases that have them.

tables/NAME.toml is a table of Riada's own PostgreSQL. A folder tables/DATABASE/ is another one: its
file database.toml describes it, and its other .toml files are its tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract.table import database, file
from contract.table.database import Database
from contract.table.file import TableFileError
from contract.table.paths import DATABASE_FILE, FOLDER, is_read, table_paths
from contract.table.table import Table
from contract.table.topic_names import CAPTURE, dead_letters, events


@dataclass(frozen=True)
class Definitions:
    """Name → table, in the order of the names; name → database. `faults`: path of a file in the
    folder → why it cannot be used, with the path."""

    tables: Mapping[str, Table] = field(default_factory=dict)
    databases: Mapping[str, Database] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def texts(folder: Path) -> dict[str, str]:
    """Path of each file in the folder → its text; {} without the folder. Raises TableFileError."""
    return {
        name: _text(path, folder)
        for path in sorted(folder.rglob("*"))
        if is_read(name := path.relative_to(folder).as_posix()) and path.is_file()
    }


def load(folder: Path) -> Definitions:
    """Raises TableFileError."""
    return read(texts(folder))


def read(files: Mapping[str, str]) -> Definitions:
    """Of files as `texts` returns them. Raises TableFileError for the first that is at fault."""
    definitions = examine(files)
    for fault in definitions.faults.values():
        raise TableFileError(fault)
    return definitions


def examine(files: Mapping[str, str]) -> Definitions:
    """What can be used of the files, and the faults of the others."""
    faults: dict[str, str] = {}
    databases: dict[str, Database] = {}
    for name in sorted({path.partition("/")[0] for path in files if "/" in path}):
        folder = {path.partition("/")[2]: text for path, text in files.items()
                  if path.startswith(f"{name}/")}  # fmt: skip
        path = f"{name}/{DATABASE_FILE}"
        try:
            if DATABASE_FILE not in folder:
                raise ValueError(f"missing: it describes the PostgreSQL of the folder {name}")
            databases[name] = database.parse(name, folder)
        except ValueError as error:
            faults[path] = f"{FOLDER}/{path}: {error}"
    tables: dict[str, Table] = {}
    owners = {f"topic {CAPTURE}": ""}
    for path, name, place in table_paths(files):
        try:
            table = file.read(name, files[path], place)
            _claim(table, path, owners)
        except TableFileError as error:
            faults[path] = str(error)
        else:
            tables[name] = table
    return Definitions(dict(sorted(tables.items())), databases, faults)


def _claim(table: Table, path: str, owners: dict[str, str]) -> None:
    """Raises TableFileError if another file has the table's name or one of its topics."""
    topics = (events(table), dead_letters(table))
    for what, name in (("name", table.name), *(("topic", topic) for topic in topics)):
        other = owners.get(f"{what} {name}")
        if other is not None:
            owner = f"{FOLDER}/{other}" if other else "Riada itself"
            raise TableFileError(f"{FOLDER}/{path}: shares the {what} {name} with {owner}")
    owners |= {f"name {table.name}": path} | {f"topic {topic}": path for topic in topics}


def _text(path: Path, folder: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        name = path.relative_to(folder).as_posix()
        raise TableFileError(f"{FOLDER}/{name}: not UTF-8: {error}") from error
