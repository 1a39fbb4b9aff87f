"""The folder of tables: Riada's own, and those of other databases in folders of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kafka.topics import events
from contract.table import folder
from contract.table.database import Database
from contract.table.file import TableFileError
from contract.table.folder import Definitions, examine

SHORT = 'key = ["id"]\n[columns]\nid = "int4"\n'
CA = "-----BEGIN CERTIFICATE-----\n"
SHOP = {"shop/database.toml": 'ca = "ca.pem"\n', "shop/ca.pem": CA}


def test_a_folder(tmp_path: Path) -> None:
    assert folder.load(tmp_path / "missing") == Definitions()
    (tmp_path / "b.toml").write_text(SHORT)
    (tmp_path / "a.toml").write_text(f'relation = "Orders"\n{SHORT}')
    (tmp_path / "notes.md").write_text("no table")
    (tmp_path / "shop").mkdir()
    for path, text in SHOP.items():
        (tmp_path / path).write_text(text)
    (tmp_path / "shop" / "c.toml").write_text(SHORT)
    definitions = folder.load(tmp_path)
    assert list(definitions.tables) == ["a", "b", "c"]
    assert definitions.tables["a"].relation == "Orders"
    assert [table.database for table in definitions.tables.values()] == ["", "", "shop"]
    assert definitions.databases == {"shop": Database("shop", "shop", "riada", "riada_shop", CA)}
    assert events(definitions.tables["c"]).name == "riada.shop.public.c"


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"# \xff")
    with pytest.raises(TableFileError, match=r"^tables/a\.toml: not UTF-8: .*0xff"):
        folder.load(tmp_path)


SHARED = [
    ({"a.toml": f'relation = "ä"\n{SHORT}', "b.toml": f'relation = "ö"\n{SHORT}'},
     "tables/b.toml: shares the topic riada.public._ with tables/a.toml"),
    ({"a.toml": SHORT, "shop/a.toml": SHORT},
     "tables/shop/a.toml: shares the name a with tables/a.toml"),
    ({"a.toml": f'schema = "shop"\nrelation = "b"\n{SHORT}',
      "shop/c.toml": f'schema = "b"\nrelation = "dead-letter"\n{SHORT}'},
     "tables/shop/c.toml: shares the topic riada.shop.b.dead-letter with tables/a.toml"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "fault"), SHARED)
def test_two_files_share_neither_name_nor_topic(files: dict[str, str], fault: str) -> None:
    assert examine(SHOP | files).faults == {fault.partition(":")[0].removeprefix("tables/"): fault}
    with pytest.raises(TableFileError) as raised:
        folder.read(SHOP | files)
    assert str(raised.value) == fault


def test_the_other_files_can_be_used() -> None:
    definitions = examine(
        SHOP | {"a.toml": SHORT, "b.toml": "", "shop/c.toml": SHORT, "x/d.toml": SHORT}
    )
    assert list(definitions.tables) == ["a", "c", "d"]
    assert list(definitions.databases) == ["shop"]
    assert definitions.faults == {
        "b.toml": "tables/b.toml: [columns] is missing",
        "x/database.toml": (
            "tables/x/database.toml: missing: it describes the PostgreSQL of the folder x"
        ),
    }


WRONG = [
    ("", "ca is missing: it names the file beside this one with the certificates of the server's "
         'authority, such as "ca.pem". A trusted network: tls = false'),
    ('ca = "other.pem"', "ca: the file other.pem is missing beside this one"),
    ('ca = "database.toml"', "ca: database.toml has no -----BEGIN CERTIFICATE-----"),
    ('tls = false\nca = "ca.pem"', "ca: without TLS no certificate is checked"),
    ('tls = "no"', "tls: expected true or false"),
    ('ca = "ca.pem"\nhost = "db"', "unknown: host"),
    ('ca = "ca.pem"\nuser = 1', "user: expected text"),
    ('ca = "ca.pem"\nslot = "Riada"', "slot: a name has up to 63 of a-z, 0-9 and _"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), WRONG)
def test_a_wrong_database_gives_one_error(text: str, cause: str) -> None:
    with pytest.raises(TableFileError) as raised:
        folder.read(SHOP | {"shop/database.toml": text})
    assert str(raised.value) == f"tables/shop/database.toml: {cause}"


def test_a_database_without_tls_says_so() -> None:
    definitions = folder.read({"shop/database.toml": 'tls = false\ndatabase = "x"\nuser = "y"\n'})
    assert definitions.databases["shop"] == Database("shop", "x", "y", "riada_shop", "")


def test_a_table_of_another_database_has_no_source() -> None:
    text = f'{SHORT}\n[source]\nurl = "https://api.example/"\n'
    with pytest.raises(TableFileError) as raised:
        folder.read(SHOP | {"shop/a.toml": text})
    assert str(raised.value) == (
        "tables/shop/a.toml: source: Riada does not write to another PostgreSQL"
    )


@pytest.mark.parametrize("name", ["Shop", "1a", "a-b", "a" * 31])
def test_a_wrong_name_of_a_folder(name: str) -> None:
    fault = examine({f"{name}/database.toml": "tls = false"}).faults[f"{name}/database.toml"]
    assert "a folder's name has up to 30 of a-z, 0-9 and _" in fault
