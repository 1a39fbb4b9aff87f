"""Write the file of a table, from PostgreSQL's catalog or from a JSON API.

    make table NAME=public.orders                  writes tables/orders.toml
    make table NAME=shop/public.orders             writes tables/shop/orders.toml
    make table NAME=orders URL=https://…/orders    with its source; a DAG will fetch the rows

Review the file, then run make deploy-dags. A file that exists is not replaced without FORCE=1; the
difference is printed.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from cli.clients import control_center
from cli.deploy.release import table_files
from cli.host import output
from cli.host.errors import CliError, SettingError
from cli.host.options import flag, text
from cli.host.paths import ROOT
from cli.installations import target
from contract.jobs.describe import DescribeRequest, DescribeResult
from contract.table.paths import DATABASE_FILE, FOLDER

SUMMARY = "Write the file of a table: make table NAME=public.orders (URL=… for a JSON API)"
_EXAMPLE = "for example make table NAME=public.orders"


@dataclass(frozen=True)
class Options:
    name: str = text(
        "",
        "table of PostgreSQL, such as public.orders, or shop/public.orders of the database "
        "tables/shop; with URL the new table's name",
    )
    url: str = text("", "URL of a JSON API that answers with a list of items")
    force: bool = flag("replace the file if it exists")


def run(options: Options) -> int:
    if not options.name:
        raise SettingError("NAME is missing", _EXAMPLE)
    request = DescribeRequest(options.name, options.url or None, files_of(options))
    answer = control_center.ask(target.current(), "POST", "/api/tables/describe", request.to_json())
    result = control_center.decoded(DescribeResult.from_json, answer)
    changed = write(result, options.force)
    output.emit(
        {"ok": True, "path": path_of(result), "changed": changed, **result.to_json()},
        report(result, changed),
    )
    return 0


def files_of(options: Options) -> dict[str, str]:
    """The files of the folder that describes the table's database. Raises SettingError."""
    database, slash, _ = options.name.partition("/")
    if not slash or options.url or '"' in database:
        return {}
    files = table_files(ROOT)
    described = f"{database}/{DATABASE_FILE}"
    if described not in files:
        raise SettingError(
            f"NAME={options.name}: {FOLDER}/{described} is missing",
            "write it first (docs/databases.md); a table of the platform's own PostgreSQL: "
            "for example NAME=public.orders",
        )
    return {item: text for item, text in files.items() if item.startswith(f"{database}/")}


def path_of(result: DescribeResult) -> str:
    """Relative to the checkout."""
    return f"{FOLDER}/{result.file}"


def write(result: DescribeResult, force: bool) -> bool:
    """Write the file; False if it has this content already. Raises CliError instead of replacing
    another content, unless `force`."""
    path = ROOT / path_of(result)
    if path.exists():
        present = path.read_text("utf-8")
        if present == result.text:
            return False
        difference = difflib.unified_diff(
            present.splitlines(), result.text.splitlines(), path_of(result), "new", lineterm=""
        )
        output.progress("\n".join(["the present file and the new one differ", *difference]))
        if not force:
            raise CliError(
                f"{path_of(result)} exists already, and was not changed",
                "edit it with the lines above; or replace it: FORCE=1",
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(result.text, "utf-8")
    return True


def report(result: DescribeResult, changed: bool) -> str:
    """The file's place, the columns that it does not deliver, what to check, and the next step."""
    lines = [f"{'written' if changed else 'unchanged'}: {path_of(result)}"]
    if result.refused:
        lines.append("\nnot delivered:")
        lines += [f"  {item.column}: {item.reason}" for item in result.refused]
    if result.notes:
        lines.append("\nto check:")
        lines += [f"  {note}" for note in result.notes]
    lines.append("\nnext: review the file, then make deploy-dags")
    return "\n".join(lines)
