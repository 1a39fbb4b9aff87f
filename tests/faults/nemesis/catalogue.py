"""All faults: each module of this folder with a function `faults` has one family or more."""

from __future__ import annotations

import importlib
import pkgutil
from fnmatch import fnmatch
from pathlib import Path

from tests.faults.nemesis.fault import Fault, Services


def catalogue(services: Services) -> list[Fault]:
    """In the order of the modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"tests.faults.nemesis.{name}") for name in names]
    return [
        fault
        for module in modules
        if hasattr(module, "faults")
        for fault in module.faults(services)
    ]


def chosen(faults: list[Fault], pattern: str) -> list[Fault]:
    """Those whose name or family matches a pattern of the shell; several are separated by commas.
    Raises ValueError for a pattern that none matches."""
    result = []
    for word in filter(None, (each.strip() for each in pattern.split(","))):
        matching = [each for each in faults if each.family == word or fnmatch(each.name, word)]
        if not matching:
            raise ValueError(f"no fault matches {word}; make faults --help lists them")
        result += [each for each in matching if each not in result]
    return result
