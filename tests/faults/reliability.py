"""The tables of docs/reliability.md: the definitions of faults, and the newest result of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby

from cli.commands import faults as command
from cli.host.paths import ROOT
from tests.faults import result
from tests.faults.nemesis import catalogue
from tests.faults.nemesis.fault import Fault, Service
from tests.faults.result import Result

DOCUMENT = ROOT / "docs/reliability.md"
RESULTS = ROOT / "tests/faults/results.json"
RECOVERY_BAR_S, NAMED_BAR_S, READ_BAR_S = 90, 30, 60

# What precedes it is written by hand.
_BEGIN = "## Families\n"


def update(measured: Iterable[Result]) -> None:
    """Write the results, each in place of the fault's earlier one, and the document."""
    results = result.load(RESULTS) | {each.name: each for each in measured}
    result.save(RESULTS, results.values())
    DOCUMENT.write_text(document(results))


def document(results: Mapping[str, Result]) -> str:
    introduction = DOCUMENT.read_text().partition(_BEGIN)[0]
    parts = [
        f"{introduction}{_BEGIN}",
        *_families(results),
        "\n## Results\n",
        *_results(results),
    ]
    return "\n".join(parts).rstrip() + "\n"


def families() -> dict[str, list[Fault]]:
    """Family → its faults on a platform of two services, which has each form of fault."""
    form = (Service("connect", ("postgres",)), Service("postgres"))
    result: dict[str, list[Fault]] = defaultdict(list)
    for fault in catalogue.catalogue(form):
        result[fault.family].append(fault)
    return dict(result)


def _families(results: Mapping[str, Result]) -> list[str]:
    lines = [
        "| family | what happens | class | results | does not prove |",
        "|---|---|---|---|---|",
    ]
    sentences = command.families()
    count: dict[str, int] = defaultdict(int)
    for name in results:
        count[name.partition(":")[0]] += 1
    for family, faults in sorted(families().items()):
        classes = " or ".join(sorted({fault.promise.value for fault in faults}, reverse=True))
        run = f"{count[family]} run" if count[family] else "not run yet"
        cells = (family, sentences[family], classes, run, faults[0].not_proven)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _results(results: Mapping[str, Result]) -> list[str]:
    lines = [
        "| fault | class | recovery | named | reads | rows written | lost | wrong | run on |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    ordered = sorted(results.values(), key=lambda each: each.name)
    for _, group in groupby(ordered, key=lambda each: each.name.partition(":")[0]):
        lines += map(_line, group)
    return lines


def _line(each: Result) -> str:
    outcome = f"**failed**: {_short(each.failure)}" if each.failure else each.promise
    cells = (
        each.name,
        outcome,
        _seconds(each.recovery_s, RECOVERY_BAR_S),
        _seconds(each.named_s, NAMED_BAR_S),
        _seconds(each.read_gap_s, READ_BAR_S),
        f"{each.rows:,}",
        str(each.lost),
        str(each.wrong),
        each.on,
    )
    return f"| {' | '.join(cells)} |"


def _seconds(measured: float | None, bar: float) -> str:
    if measured is None:
        return "-"
    return f"{measured:.0f} s" if measured <= bar else f"**{measured:.0f} s**"


def _short(text: str) -> str:
    return text.split("\n")[0].replace("|", "/")[:160]
