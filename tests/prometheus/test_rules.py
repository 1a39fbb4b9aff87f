"""Every alert is silent, fires and clears by itself; every recorded series has the right value.

The files beside this one are promtool's unit tests without the parts that all share: see `suite`.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.host.paths import ROOT
from contract.health.details.disk import FILLING

FOLDER = Path(__file__).parent
RULES = ROOT / "docker/prometheus/rules"


def rules(kind: str) -> dict[str, dict[str, Any]]:
    """Name → rule of all files in RULES; `kind` is alert or record."""
    files = [yaml.safe_load(file.read_text()) for file in RULES.glob("*.yml")]
    every = [rule for file in files for group in file["groups"] for rule in group["rules"]]
    return {rule[kind]: rule for rule in every if kind in rule}


ALERTS = rules("alert")


@pytest.fixture(scope="module")
def promtool() -> list[str]:
    """The command of promtool in the built image, without its arguments."""
    subprocess.run([ROOT / "docker/build.sh", "prometheus"], check=True)
    tags = subprocess.check_output([ROOT / "docker/build.sh", "--tags"])
    image = json.loads(tags)["prometheus"]
    return ["docker", "run", "--rm", "--network", "none", "--entrypoint", "promtool", image]


def suite(name: str) -> list[dict[str, Any]]:
    """The tests of an alert; its name, severity and remedy are added to the expected alerts."""
    tests: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts" / f"{name}.yml").read_text())
    rule = ALERTS[name]
    for test in tests:
        for case in test["alert_rule_test"]:
            case["alertname"] = name
            for alert in case["exp_alerts"]:
                alert["exp_labels"] = rule["labels"] | alert.get("exp_labels", {})
                remedy = filled(rule["annotations"]["remedy"], alert["exp_labels"])
                alert["exp_annotations"] = {"remedy": remedy} | alert["exp_annotations"]
    return tests


def filled(template: str, labels: dict[str, str]) -> str:
    """The annotation as Prometheus writes it: "{{ $labels.node }}" → "kafka-1"."""
    return re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda label: labels[label[1]], template)


def test_a_remedy_names_the_node() -> None:
    alert = suite("NodeDown")[0]["alert_rule_test"][1]["exp_alerts"][0]
    assert alert["exp_annotations"]["remedy"].startswith("make logs S=kafka-2 ")


def run(promtool: list[str], tests: list[dict[str, Any]], folder: Path) -> None:
    """Run tests with samples 5 s apart; Prometheus scrapes most series every 10 or 15 s."""
    file = {
        "rule_files": ["/etc/riada/rules/*.yml"],
        "evaluation_interval": "5s",
        "tests": [{"interval": "5s", **test} for test in tests],
    }
    (folder / "tests.yml").write_text(json.dumps(file))
    mount = ["--volume", f"{folder}:/tests:ro"]
    command = [*promtool[:3], *mount, *promtool[3:], "test", "rules", "/tests/tests.yml"]
    folder.chmod(0o755)
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_alert(name: str, promtool: list[str], tmp_path: Path) -> None:
    run(promtool, suite(name), tmp_path)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_alert_is_silent_then_fires_then_clears(name: str) -> None:
    """The first test of each alert has these three cases in this order."""
    cases = suite(name)[0]["alert_rule_test"]
    assert [bool(case["exp_alerts"]) for case in cases] == [False, True, False]


def test_recording(promtool: list[str], tmp_path: Path) -> None:
    tests = yaml.safe_load((FOLDER / "recording.yml").read_text())
    run(promtool, tests, tmp_path)
    tested = {case["expr"] for test in tests for case in test["promql_expr_test"]}
    assert tested == rules("record").keys()


def test_a_wrong_expectation_fails(promtool: list[str], tmp_path: Path) -> None:
    tests = suite("NodeDown")
    tests[0]["alert_rule_test"][1]["exp_alerts"] = []
    with pytest.raises(AssertionError, match="kafka-2"):
        run(promtool, tests, tmp_path)


def test_only_target_down_waits() -> None:
    """Scrapes take 10 or 15 s and evaluation 5 s: a rule that waits would miss the 30 s."""
    assert ALERTS
    assert {name: rule["for"] for name, rule in ALERTS.items() if "for" in rule} == {
        "TargetDown": "10s"
    }


def test_docs_list_every_alert() -> None:
    docs = (ROOT / "docs/metrics.md").read_text()
    assert not [name for name in ALERTS if f"| {name} |" not in docs]


def test_the_probe_of_the_disk_warns_when_its_alert_fires() -> None:
    assert ALERTS["DiskFilling"]["expr"].endswith(f" < {FILLING}")
