"""Remove an installation's containers, volumes, network and secrets; the images stay.

Everything with the project's label is removed, whichever runner made it, also after an interrupted
`make up`. The installation's folder is removed too.
"""

from __future__ import annotations

from cli.host import output
from cli.host.options import NoOptions
from cli.installations.local import Installation
from cli.installations.removal import remove

SUMMARY = "Remove the containers, volumes, network and secrets of the project"
Options = NoOptions


def run(options: NoOptions) -> int:
    installation = Installation.current()
    removed = remove(installation)
    lines = [f"removed {kind}: {' '.join(names)}" for kind, names in removed.items() if names]
    note = "" if lines else " (there was nothing to remove)"
    lines.append(f"nothing of project {installation.project} is left{note}")
    lines.append("the images stay for the next make up; make clean-images removes them")
    output.emit({"ok": True, "removed": removed}, "\n".join(lines))
    return 0
