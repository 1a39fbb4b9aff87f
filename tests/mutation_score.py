"""python -m tests.mutation_score < RESULTS: the share of killed mutants, module by module.

RESULTS are lines of `mutmut results --all true`, such as "contract.trace.x_root_cause__mutmut_1:
killed". Exits 1 below the required share.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable

REQUIRED_PERCENT = 85
KILLED = frozenset({"killed", "timeout", "caught by type check", "segfault"})

_LINE = re.compile(r"\s*(?P<module>[\w.]+?)\.x[_ǁ].*__mutmut_\d+: (?P<status>.+?)\s*")


def scores(lines: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Module → how many of its mutants were killed, and how many there are."""
    killed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in lines:
        match = _LINE.fullmatch(line)
        if match:
            total[match["module"]] += 1
            killed[match["module"]] += match["status"] in KILLED
    return {module: (killed[module], total[module]) for module in sorted(total)}


def report(modules: dict[str, tuple[int, int]]) -> tuple[str, float]:
    """A line for each module, the total last; and the total in percent."""
    killed = sum(count for count, _ in modules.values())
    total = sum(count for _, count in modules.values())
    rows = [*modules.items(), ("total", (killed, total))]
    lines = [f"{100 * k / max(n, 1):5.1f} %  {k:4} of {n:4}  {name}" for name, (k, n) in rows]
    return "\n".join(lines), 100 * killed / max(total, 1)


if __name__ == "__main__":
    text, percent = report(scores(sys.stdin))
    print(text)
    sys.exit(percent < REQUIRED_PERCENT)
