"""python -m tests.mutation_score < RESULTS: the share of killed mutants of each module and package.

RESULTS are lines of `mutmut results --all true`, such as "contract.errors.x__text__mutmut_1:
killed". Exits 1 if one of GROUPS is below the required share.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

REQUIRED_PERCENT = 85
GROUPS = {
    "contract": "contract.",
    "diagnosis": "control_center.health.diagnosis",
    "compare": "control_center.jobs.compare.",
}  # name → prefix of its modules
KILLED = frozenset({"killed", "timeout", "caught by type check", "segfault"})

_LINE = re.compile(r"\s*(?P<module>[\w.]+?)\.x[_ǁ].*__mutmut_\d+: (?P<status>.+?)\s*")


class Score(NamedTuple):
    """`killed` of `mutants` made a test fail."""

    killed: int
    mutants: int

    @property
    def percent(self) -> float:
        """0 without any mutant: a group that was not measured must not pass."""
        return 100 * self.killed / max(self.mutants, 1)

    def line(self, name: str) -> str:
        return f"{self.percent:5.1f} %  {self.killed:4} of {self.mutants:4}  {name}"


def module_scores(lines: Iterable[str]) -> dict[str, Score]:
    """Module → its score; lines of another kind are ignored."""
    killed: Counter[str] = Counter()
    mutants: Counter[str] = Counter()
    for line in lines:
        match = _LINE.fullmatch(line)
        if match:
            mutants[match["module"]] += 1
            killed[match["module"]] += match["status"] in KILLED
    return {module: Score(killed[module], mutants[module]) for module in sorted(mutants)}


def total(scores: Iterable[Score]) -> Score:
    scores = list(scores)
    return Score(sum(score.killed for score in scores), sum(score.mutants for score in scores))


def group_scores(modules: Mapping[str, Score]) -> dict[str, Score]:
    """Name of each of GROUPS → its score."""
    return {
        name: total(score for module, score in modules.items() if module.startswith(prefix))
        for name, prefix in GROUPS.items()
    }


def report(modules: Mapping[str, Score]) -> str:
    """A line for each module, then for each group, the total last."""
    lines = [score.line(module) for module, score in modules.items()]
    lines += ["", *(score.line(name) for name, score in group_scores(modules).items())]
    return "\n".join([*lines, total(modules.values()).line("total")])


def enough(modules: Mapping[str, Score]) -> bool:
    """True if every group has the required share."""
    return all(score.percent >= REQUIRED_PERCENT for score in group_scores(modules).values())


if __name__ == "__main__":
    scores = module_scores(sys.stdin)
    print(report(scores))
    sys.exit(not enough(scores))
