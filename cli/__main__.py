"""One entry for every command: python -m cli COMMAND, as the targets of the Makefile run it."""

from __future__ import annotations

import importlib
import sys

from cli.host import output
from cli.host.paths import ROOT


def commands() -> dict[str, str]:
    """Name of a command, as in `make up`, → its module."""
    return {
        path.stem.replace("_", "-"): f"cli.{folder}.{path.stem}"
        for folder in ("commands", "dev")
        for path in sorted((ROOT / "cli" / folder).glob("*.py"))
        if path.stem not in ("__init__", "terraform_mirror")
    }


def main() -> int | None:
    known = commands()
    if len(sys.argv) < 2 or sys.argv[1] not in known:
        print(f"usage: python -m cli COMMAND, one of: {', '.join(known)}", file=sys.stderr)
        return 2
    name = sys.argv.pop(1)
    result: int | None = importlib.import_module(known[name]).main()
    return result


if __name__ == "__main__":
    output.run(main)
