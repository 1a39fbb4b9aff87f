"""The files of the folder tables/, by their paths in it. For programs whose Python cannot read
TOML, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

FOLDER = "tables"
SUFFIX = ".toml"
SUFFIXES = (SUFFIX, ".pem", ".crt")
# Describes the PostgreSQL whose tables are the other files of the same folder.
DATABASE_FILE = f"database{SUFFIX}"


def path(name: str, database: str = "") -> str:
    """The file of a table."""
    return f"{database}/{name}{SUFFIX}" if database else f"{name}{SUFFIX}"


def is_read(item: str) -> bool:
    """Is the file of this path a part of the description? Others, such as notes, are not."""
    return item.count("/") <= 1 and item.endswith(SUFFIXES)


def table_paths(paths: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Path, name and database of each table's file, in the order of the paths."""
    for item in sorted(paths):
        database, _, file = item.rpartition("/")
        if file.endswith(SUFFIX) and not (database and file == DATABASE_FILE):
            yield item, file.removesuffix(SUFFIX), database


def tables_of(files: Mapping[str, str]) -> dict[str, str]:
    """Name of each table → the text of its file. `files`: path → text."""
    return {name: files[item] for item, name, _ in table_paths(files)}
