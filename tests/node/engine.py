"""A script in place of docker: containers are the files of a folder for each project.

wanted    what compose reads from its file: "service hash" a line
running   what `docker ps` shows of the running containers: the same
labels    "container<TAB>command" of those with the label riada.in-sync; healthy if in `healthy`
lacks     what `docker exec` prints when it fails; absent: it succeeds
log       "project enters" and "project leaves" of each `compose up`, in the folder of all
"""

from __future__ import annotations

from pathlib import Path

DOCKER = """
all={folder}
case "$*" in
    'compose -p '*' config --hash *') cat "$all/$3/wanted" ;;
    'compose -p '*' up -d '*)
        echo "$3 enters" >>"$all/log"
        sleep "$(cat "$all/takes" 2>/dev/null || echo 0)"
        cp "$all/$3/wanted" "$all/$3/running"
        echo "$3 leaves" >>"$all/log" ;;
    'ps --filter label=com.docker.compose.project='*)
        project=${{3#label=com.docker.compose.project=}}
        case "$*" in
            *health=healthy*) grep -f "$all/$project/healthy" "$all/$project/labels" || true ;;
            *label=riada.in-sync*) cat "$all/$project/labels" ;;
            *com.docker.compose.config-hash*) cat "$all/$project/running" ;;
        esac ;;
    'exec '*)
        echo "$*" >>"$all/asked"
        while [[ $2 == --env=* ]]; do shift; done
        [[ ! -e $all/${{2%%/*}}/lacks ]] || {{ cat "$all/${{2%%/*}}/lacks"; exit 1; }} ;;
    *) echo "unexpected: $*" >&2; exit 9 ;;
esac
"""


class Engine:
    """The containers of one node, whose project has the node's name."""

    def __init__(self, folder: Path, node: str) -> None:
        self._folder = folder / node
        self._folder.mkdir()
        self.node = node
        for name in ("wanted", "running", "labels", "healthy"):
            self.write(name, "")

    def write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text)

    def runs(self, *services: str) -> None:
        self.write("running", "".join(f"{service}\n" for service in services))

    def wants(self, *services: str) -> None:
        self.write("wanted", "".join(f"{service}\n" for service in services))

    def asks(self, *containers: str, healthy: bool = True) -> None:
        """Containers that have a command for their replicas. Their names begin with "node/"."""
        names = [f"{self.node}/{container}" for container in containers]
        self.write("labels", "".join(f'{name}\t["replicas", "--all"]\n' for name in names))
        self.write("healthy", "".join(f"{name}\n" for name in names if healthy))

    def lacks(self, cause: str) -> None:
        """What the command prints when it fails; "": it succeeds."""
        if cause:
            self.write("lacks", f"first line\n{cause}\n")
        else:
            (self._folder / "lacks").unlink()
