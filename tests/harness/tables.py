"""The table of this repository that most tests use."""

from __future__ import annotations

from cli.host.paths import ROOT
from contract.table import folder

USERS = folder.load(ROOT / folder.FOLDER)["users"]
