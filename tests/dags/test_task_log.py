"""A running task's log begins without an error, although no log server runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.utils.log.file_task_handler import FileTaskHandler

FOLDER = Path(__file__).parents[2] / "docker/airflow"


@pytest.fixture
def handler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileTaskHandler]:
    """Reads attempt 1 of a task from the shared folder."""
    monkeypatch.syspath_prepend(str(FOLDER))
    from prompt_executor import PromptExecutor

    (tmp_path / "attempt=1.log").write_text('{"event": "page 1: 5 fetched"}\n')
    handler = FileTaskHandler(str(tmp_path))
    monkeypatch.setattr(handler, "_render_filename", lambda ti, number: f"attempt={number}.log")
    monkeypatch.setitem(handler.executor_instances, handler.DEFAULT_EXECUTOR_KEY, PromptExecutor())
    yield handler
    sys.modules.pop("prompt_executor")


def test_the_log_of_a_running_task(handler: FileTaskHandler) -> None:
    task = SimpleNamespace(
        state="running", executor=None, try_number=1, hostname="airflow-scheduler", task=None
    )
    log, _ = handler._read(task, 1)
    text = " ".join(str(line) for line in log)
    assert "page 1: 5 fetched" in text
    assert "the folder of logs that all containers share" in text
    assert "Could not read served logs" not in text
