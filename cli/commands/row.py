"""Print the path of one row through the stages: commit, offset, batch, write.

A key of several columns is a JSON array: make row TABLE=lines KEY='[7,1]'. Exit code 1 if the row
has not arrived in Cassandra yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from cli.clients import control_center
from cli.deploy import first_row
from cli.host import output
from cli.host.errors import SettingError
from cli.host.options import text
from cli.installations import target
from contract.stream.trace import RowTrace

SUMMARY = "Print the path of one row through the stages: make row TABLE=orders KEY=7"


@dataclass(frozen=True)
class Options:
    table: str = text("", "name of the table")
    key: str = text("", "the row's key")


def run(options: Options) -> int:
    if not options.table or not options.key:
        raise SettingError("TABLE and KEY are needed", "for example make row TABLE=orders KEY=7")
    path = f"/api/tables/{quote(options.table, safe='')}/rows/{quote(options.key, safe='')}"
    answer = control_center.ask(target.current(), "GET", path)
    trace = control_center.decoded(RowTrace.from_json, answer)
    output.emit(answer, report(trace))
    return 0 if trace.arrived else 1


def report(trace: RowTrace) -> str:
    """The stages, or the stage that the row has reached."""
    if first_row.is_complete(trace):
        return first_row.describe(trace)
    place = "on the topic" if trace.kafka else "in PostgreSQL"
    if trace.arrived:
        place = "in Cassandra; the record of its batch has expired or comes in a moment"
    return f"{trace.table} {trace.key} is {place}"
