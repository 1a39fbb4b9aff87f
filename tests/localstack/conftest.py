"""localstack/ is the root of its modules in its image; here too."""

from __future__ import annotations

import sys

from cli.host.paths import ROOT

sys.path.insert(0, str(ROOT / "localstack"))
