"""Two tables: users has a source and a key of one column, orders has neither."""

from __future__ import annotations

from pathlib import Path

from contract.stream.releases import JOB, RELEASES, STREAMING
from contract.table import file

TEXTS = {
    "orders": """
key = ["tenant"]
clustering = ["number"]
indexes = ["note"]
not_delivered = ["secret"]
[columns]
tenant = "varchar(40)"
number = "int4"
note = "varchar(200) null personal"
""",
    "users": """
key = ["id"]
indexes = ["email"]
[columns]
id = "uuid"
email = "varchar(255) personal"
city = "varchar(255)"
[queries]
of_city = "SELECT id FROM people.users WHERE city = :city"
[source]
url = "${RANDOMUSER_URL:-http://randomuser:8000/api/}"
items = "results"
[source.pagination]
kind = "page"
page = "page"
size = "results"
endless = true
""",
}
TABLES = {name: file.read(name, text) for name, text in TEXTS.items()}
ORDERS, USERS = TABLES["orders"], TABLES["users"]


def deploy(artifacts: Path, *names: str, release: str = "abc", job: str = "j0b") -> Path:
    """Writes a release with these tables, which streams; returns the folder."""
    folder = artifacts / RELEASES / release
    (folder / "tables").mkdir(parents=True)
    (folder / JOB).write_text(job)
    for name in names:
        (folder / "tables" / f"{name}.toml").write_text(TEXTS[name])
    (artifacts / STREAMING).write_text(release)
    (artifacts / "current").symlink_to(folder)
    return artifacts
