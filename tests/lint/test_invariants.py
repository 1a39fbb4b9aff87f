"""docs/architecture.md says that the code which enforces an invariant cites its number."""

from __future__ import annotations

import re

from cli.host.paths import ROOT
from tests.lint.tools import tracked

CODE = ("*.py", "*.java", "*.tf", "*.sh")


def test_code_cites_every_invariant() -> None:
    section = (ROOT / "docs/architecture.md").read_text().partition("\n## Invariants\n")[2]
    invariants = set(re.findall(r"(?m)^(\d)\. ", section.partition("\n## ")[0]))
    assert invariants
    cited: set[str] = set()
    for name in tracked(*CODE):
        if not name.startswith("tests/"):
            for numbers in re.findall(r"(?i)\binvariants? ([\d, and]+)", (ROOT / name).read_text()):
                cited |= set(re.findall(r"\d", numbers))
    assert cited == invariants
