"""docs/aws.md shows the prices and classes with which infra/modules/costs computes."""

from __future__ import annotations

import re

from tests.infra.conftest import ROOT, Outputs

DOCS = (ROOT / "docs/aws.md").read_text()


def test_classes(outputs: Outputs) -> None:
    listed = outputs("costs", instance_types=[], disk_gib=0, endpoints=0)["classes"]
    classes = {cost["name"]: str(cost["up_to"] or "") for cost in listed}
    assert classes
    assert dict(re.findall(r"^\| ([A-Z]) \| (\d*) ?\|", DOCS, re.MULTILINE)) == classes


def test_types(outputs: Outputs) -> None:
    types = {
        (machine["name"], str(machine["memory_mib"]), str(machine["usd_month"]))
        for machine in outputs("instance-types")["types"]
    }
    assert types
    rows = re.findall(r"^\| (\w+\.\w+) \| (\d+) \| (\d+) \|$", DOCS, re.MULTILINE)
    assert set(rows) == types
