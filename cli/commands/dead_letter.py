"""Make a dead letter, to try its replay: a message whose schema the registry does not know.

make dead-letter TABLE=orders KEY=7  sends a copy of the row's newest message with a schema id that
                                     does not exist yet, and waits until it is a dead letter
make dead-letter FIX=1               registers the schema, so that the dead letter can be replayed

The copy changes no row, because Cassandra has its version already.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote

from cli.clients import control_center, tables
from cli.dev.unknown_schema import UnknownSchema
from cli.host import output
from cli.host.errors import CliError, SettingError
from cli.host.options import flag, text
from cli.host.poll import poll_until
from cli.installations.local import Installation
from contract.stream.trace import RowTrace

SUMMARY = "Make a dead letter, to try its replay: make dead-letter TABLE=orders KEY=…, then FIX=1"
LIMIT_S = 60.0
STATE = "dead-letter.json"
EXAMPLE = "for example make dead-letter TABLE=orders KEY=…, then make dead-letter FIX=1"


@dataclass(frozen=True)
class Options:
    table: str = text("", "name of the table")
    key: str = text("", "key of the row whose newest message is copied")
    fix: bool = flag("register the schema of the newest dead letter of this command")


def run(options: Options) -> int:
    installation = Installation.current()
    if options.fix:
        return _fix(installation)
    if not options.table or not options.key:
        raise SettingError("TABLE and KEY, or FIX=1, are needed", EXAMPLE)
    return _send(installation, options)


def _send(installation: Installation, options: Options) -> int:
    [table] = tables.chosen(installation, options.table)
    row = f"/api/tables/{quote(table.name)}/rows/{quote(options.key, safe='')}"
    answer = control_center.ask(installation, "GET", row)
    trace = control_center.decoded(RowTrace.from_json, answer)
    if trace.kafka is None:
        raise CliError(f"{table.name} {trace.key} is not on the topic yet", "try again in a moment")
    unknown = UnknownSchema(installation, table)
    schema = unknown.send_copy(trace.kafka.partition, trace.kafka.offset)
    state = installation.folder / STATE
    state.write_text(json.dumps({"id": schema.id, "schema": schema.text}))

    def arrived() -> str | None:
        path = f"/api/tables/{quote(table.name)}/dead-letters?limit=20"
        for message in control_center.ask(installation, "GET", path)["dead_letters"]:
            if message["schema_id"] == schema.id:
                return f"{message['partition']}:{message['offset']}"
        return None

    place = poll_until(arrived, LIMIT_S)
    if place is None:
        cause = f"after {LIMIT_S:.0f} s the message is not a dead letter"
        raise CliError(cause, "make status names the cause", "spark-driver")
    facts = {"ok": True, "dead_letter": place, "schema_id": schema.id}
    cause = f"unknown schema id {schema.id}"
    output.emit(facts, f"dead letter {place} of {table.name} {trace.key}: {cause}")
    return 0


def _fix(installation: Installation) -> int:
    state = installation.folder / STATE
    if not state.exists():
        raise CliError("no dead letter of this command waits", EXAMPLE)
    known = json.loads(state.read_text())
    UnknownSchema.register(installation, known["id"], known["schema"])
    state.unlink()
    outcome = f"the registry knows schema id {known['id']}: its dead letter can be replayed"
    output.emit({"ok": True, "schema_id": known["id"]}, outcome)
    return 0
