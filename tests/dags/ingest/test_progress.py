"""A run's progress is kept between attempts, and a run whose items were all rejected fails."""

from __future__ import annotations

from typing import Any

import pytest
from ingest.progress import Progress, TaskProgress

URL = "http://people.example/api/"


class TaskState:
    """Airflow's task_state_store, in memory."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, Any]] = {}

    def get(self, key: str, default: dict[str, Any]) -> dict[str, Any]:
        return self.values.get(key, default)

    def set(self, key: str, value: dict[str, Any]) -> None:
        self.values[key] = value


def test_a_task_without_progress_begins_at_the_first_page() -> None:
    assert TaskProgress(TaskState()).load() == Progress()


def test_progress_is_loaded_as_it_was_saved() -> None:
    store = TaskProgress(TaskState())
    progress = Progress().after_page(fetched=50, stored=48, rejected=2, repeated=1, cursor="c")
    store.save(progress)
    assert store.load() == progress == Progress(1, 50, 48, 2, 1, "c")


def test_the_counts_show_no_cursor() -> None:
    assert "secret" not in str(Progress(1, 2, cursor="secret").counts())
    assert Progress(1, 2, cursor="secret").counts()["fetched"] == 2


def test_a_run_whose_items_were_all_rejected_fails() -> None:
    text = Progress(7, fetched=70, rejected=70).failure(URL, "login.uuid: missing")
    assert text.startswith(f"all 70 items of {URL} were rejected")
    assert "login.uuid: missing" in text
    assert "riada.rejects" in text


@pytest.mark.parametrize(
    "progress",
    [
        Progress(7, fetched=70, stored=1, rejected=69),
        Progress(7, fetched=70, stored=70),
        Progress(),
    ],
)
def test_any_other_run_succeeds(progress: Progress) -> None:
    assert progress.failure(URL, "") == ""
