"""The table of this repository that most tests use."""

from __future__ import annotations

from cli.host.paths import ROOT
from contract.table import folder
from contract.table.paths import FOLDER

USERS = folder.load(ROOT / FOLDER).tables["users"]
