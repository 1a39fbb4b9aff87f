"""Remove an installation's containers, volumes, network and secrets; the images stay.

It does not matter which way it was brought up, or whether that was finished: everything that
carries the project's label goes, and the installation's folder with it.
"""

from __future__ import annotations

import argparse
import shutil

from cli.host import docker, output
from cli.host.output import Fault, progress
from cli.installations.local import Installation

REMEDY = (
    "stop what of other projects uses that network; if nothing does (docker network inspect), the "
    "engine has lost count: start it again, then make destroy"
)


def remove(here: Installation) -> dict[str, list[str]]:
    """Remove everything and return what was there, by kind; a Fault when anything is left."""
    removed: dict[str, list[str]] = {}
    for kind in docker.KINDS:
        removed[kind] = sorted(docker.named(kind, here.project))
        if removed[kind]:
            progress(f"removing {len(removed[kind])} {kind}s")
            try:
                docker.remove(kind, *removed[kind])
            except Fault as fault:
                # an engine may lose count: https://github.com/moby/moby/issues/23302
                if "has active endpoints" in str(fault):
                    raise Fault(str(fault), REMEDY) from None
                raise
    left = [f"{kind} {name}" for kind in docker.KINDS for name in docker.named(kind, here.project)]
    if left:
        raise Fault(f"still there: {', '.join(left)}", "make destroy again; docker's log tells why")
    removed["folder"] = [str(here.folder)] if here.folder.exists() else []
    shutil.rmtree(here.folder, ignore_errors=True)
    if here.folder.exists():
        raise Fault(f"{here.folder} cannot be removed", "run make destroy as the user who ran up")
    return removed


def main() -> None:
    argparse.ArgumentParser(prog="make destroy", description=__doc__).parse_args()
    here = Installation.current()
    removed = remove(here)
    said = [f"removed {kind}: {' '.join(names)}" for kind, names in removed.items() if names]
    said.append(f"nothing of project {here.project} is left" + " (there was nothing)" * (not said))
    said.append("the images stay for the next make up; make clean-images removes them")
    output.emit({"ok": True, "removed": removed}, "\n".join(said))
