"""Compare PostgreSQL, the topic and Cassandra: count and checksum over every field of everybody.

Exit code 1 when they differ, with the keys. JSON=1 prints the Control Center's answer as it is.
"""

from __future__ import annotations

import argparse
from typing import Any

from cli.clients import jobs
from cli.host import output
from cli.installations import target


def main() -> int:
    argparse.ArgumentParser(prog="make compare", description=__doc__).parse_args()
    result = jobs.run(target.current(), "compare", {})
    output.emit(result, text(result))
    return 0 if result["ok"] else 1


def text(result: dict[str, Any]) -> str:
    """A row for each side, then each key that differs, then how it came out."""
    sides = [
        (name, f"{result[name]['count']:,}", result[name]["checksum"])
        for name in ("postgres", "topic", "cassandra")
    ]
    told = [output.table(sides, ("side", "people", "checksum"))]
    if keys := [(key["id"], difference(key)) for key in result["keys"]]:
        told.append(output.table(keys, ("key", "how it differs")))
    if gaps := [gap_text(*gap) for gap in result["offsets"].get("gaps", [])]:
        told.append("\n".join(gaps))
    return "\n\n".join([*told, end(result)])


def gap_text(partition: int, first: int, end: int) -> str:
    """A range of offsets that the streaming job has skipped: what was there is compared as well."""
    return f"partition {partition}: offsets {first} to {end - 1} are in no batch of spark-driver"


def difference(key: dict[str, Any]) -> str:
    """Of one key, e.g. "not in cassandra" or "cassandra has another city"."""
    missing = [f"not in {side}" for side in key["missing"]]
    fields = {side: ", ".join(names) for side, names in key["fields"].items() if names}
    others = [f"{side} has another {names}" for side, names in fields.items()]
    outside = (
        [f"correct {', '.join(names)} in PostgreSQL"] if (names := key["outside_domain"]) else []
    )
    return "; ".join([*missing, *others, *outside])


def end(result: dict[str, Any]) -> str:
    offsets = result["offsets"]
    if not result["equal"]:
        more = result["differing"] - len(result["keys"])
        shown = f" ({more:,} are not shown)" if more > 0 else ""
        return f"{result['differing']:,} keys differ{shown}: make repair"
    if not result["ok"]:
        return (
            f"{offsets['read']:,} of {offsets['expected']:,} messages read, "
            f"{offsets['unaccounted']:,} neither in Cassandra nor a dead letter"
        )
    return (
        f"equal in every field; {offsets['events']:,} events, "
        f"{offsets['dead_letters']:,} dead letters"
    )
