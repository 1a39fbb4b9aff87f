"""The program that infra puts into the bucket, and the part of it in user-data, are complete."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from node.bootstrap import install
from tests.infra.conftest import ROOT, Outputs


@pytest.fixture(scope="module")
def program(
    outputs: Outputs, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, str]]:
    """Folder → path → text: of the bucket, and of user-data."""
    values = outputs("node-program", repository=str(ROOT))
    content = values["content"].encode()
    folder = tmp_path_factory.mktemp("installed") / "program"
    install(content, json.loads(values["current"])["sha256"], folder)
    return {"bucket": json.loads(content), "user-data": values["bootstrap"]}


@pytest.mark.parametrize(
    ("place", "module"), [("bucket", "node.__main__"), ("user-data", "node.bootstrap")]
)
def test_imports_nothing_but_itself_and_the_standard_library(
    program: dict[str, dict[str, str]], tmp_path: Path, place: str, module: str
) -> None:
    for path, text in program[place].items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {module}"
    # -I and -S: without the packages of this environment
    command = [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr


def test_user_data_holds_no_module_that_its_part_does_not_import(
    program: dict[str, dict[str, str]],
) -> None:
    """16 KiB is not much."""
    texts = program["user-data"]
    for path in map(Path, texts.keys() - {"node/bootstrap.py"}):
        if path.stem == "__init__":
            continue
        package = ".".join(path.parent.parts)
        imports = (f"from {package}.{path.stem} import", f"from {package} import {path.stem}")
        assert any(line in text for text in texts.values() for line in imports), path
