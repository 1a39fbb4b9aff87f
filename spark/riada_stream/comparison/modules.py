"""The modules that tasks in Python import: the release's, as a file that Spark sends to the
executors. A worker need not have the release yet."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from zipfile import ZipFile

from pyspark import SparkContext

import contract
import riada_stream

PACKAGES = (contract, riada_stream)


@lru_cache(maxsize=1)
def ship_modules(context: SparkContext) -> None:
    """Once for each context."""
    archive = Path(tempfile.mkdtemp()) / "comparison.zip"
    with ZipFile(archive, "w") as file:
        for package in PACKAGES:
            (root,) = (Path(path) for path in package.__path__)
            for module in sorted(root.rglob("*.py")):
                file.write(module, module.relative_to(root.parent))
    context.addPyFile(str(archive))
