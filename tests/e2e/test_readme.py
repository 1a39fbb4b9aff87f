"""A script that knows README.md only: first row, login, the path of a row, a replayed dead letter.

Its fenced blocks, in their order, are the script of the first hour. Here they run on the platform
of the tests; RUN_ELSEWHERE names the commands that other tests run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time

from cli.host.paths import ROOT
from cli.installations.local import PORTS, Installation
from tests.harness import documents
from tests.harness.platform import Platform
from tests.harness.settings import ENVIRONMENT

README = (ROOT / "README.md").read_text()
# Command → the test or fixture that runs it. The first one has begun this platform, and the last
# one ends it.
RUN_ELSEWHERE = {
    "make up": "tests/conftest.py",
    "make smoke-test": "tests/e2e/test_smoke_test.py",
    "make destroy": "tests/teardown/test_destroy.py",
}
LIMIT_S = 180
MARK = "## "


def script() -> list[str]:
    """The commands of README.md, without comments; a command may have several lines."""
    return documents.commands("\n".join(documents.fenced(README, "bash")))


def on_this_platform(command: str, installation: Installation) -> str:
    """The command with the addresses of this installation instead of the default ports."""
    for kind, port in PORTS.items():
        address = re.escape(f"127.0.0.1:{port}")
        command = re.sub(rf"{address}\b", f"127.0.0.1:{installation.ports[kind]}", command)
    return command


def test_the_script_begins_with_up_and_ends_with_destroy() -> None:
    commands = script()
    assert commands[0] == "make up"
    assert commands[-1] == "make destroy"
    for command, place in RUN_ELSEWHERE.items():
        assert command in commands, f"{place} runs {command}"
        name = command.removeprefix("make ")
        assert f'"{name}"' in (ROOT / place).read_text(), f"{place} runs {command}"


def test_the_script_reaches_a_replayed_dead_letter(platform: Platform) -> None:
    commands = [command for command in script() if command not in RUN_ELSEWHERE]
    outputs = run(commands, platform)

    def output(part: str) -> str:
        [text] = [outputs[command] for command in commands if part in command]
        return text

    assert platform.installation.pages_url() in outputs["make urls"]
    assert "from commit to readable" in output("make row ")
    assert "unknown schema id" in output("make dead-letter TABLE")
    newest = json.loads(output("dead-letters?limit=1"))["dead_letters"][0]
    assert "unknown schema id" in newest["headers"]["reason"]
    outcome = json.loads(output("dead-letters/send"))
    assert outcome["ok"]
    assert outcome["sent"] >= 1
    answer = platform.control_center("GET", "/api/tables/users/dead-letters?limit=500")
    replayed = [item for item in answer["dead_letters"] if item["offset"] == newest["offset"]]
    assert [item["sent_again"] for item in replayed] == [True]
    platform.assert_equal_everywhere()
    platform.assert_status_ok()


def run(commands: list[str], platform: Platform) -> dict[str, str]:
    """Run the commands in one shell, as a person types them; returns the output of each. A failure
    ends the script."""
    installation = platform.installation
    lines = ["set -euo pipefail"]
    for number, command in enumerate(commands):
        lines += [f"printf '\\n%s\\n' '{MARK}{number}'", on_this_platform(command, installation)]
    began = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=LIMIT_S,
    )
    print(f"\n{len(commands)} commands of README.md: {time.monotonic() - began:.1f} s")
    assert done.returncode == 0, done.stdout + done.stderr
    parts = re.split(rf"(?m)^{MARK}(\d+)\n", done.stdout)[1:]
    return {commands[int(number)]: text for number, text in zip(parts[::2], parts[1::2])}
