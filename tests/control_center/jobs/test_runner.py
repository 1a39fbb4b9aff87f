"""Jobs as child processes: progress, result, errors, and only one at a time."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from contract.jobs.bench import BenchRequest
from contract.jobs.compare import CompareRequest
from contract.jobs.erase import EraseRequest
from contract.jobs.job import JobFailure, JobKind, JobState
from contract.jobs.smoke_test import SmokeTestRequest
from control_center.jobs import runner
from control_center.jobs.last_results import LastResults
from control_center.jobs.runner import MODULES, BusyError, Job, Jobs

LIMIT_S = 60

# A smoke test of this seed raises, prints a line of its own, exits, or sleeps and then restores
# what it changed.
SCRIPT = """
import sys, time
from contract.jobs.smoke_test import SmokeTestRequest
from control_center.jobs import job_protocol
def job(request):
    job_protocol.progress("begins")
    if request.seed == "raise":
        raise RuntimeError("kafka-1: the cause")
    if request.seed == "print":
        print("a library's warning")
    if request.seed == "exit":
        sys.exit(7)
    if request.seed == "sleep":
        try:
            time.sleep(600)
        finally:
            job_protocol.progress("restores")
    return request
job_protocol.run(SmokeTestRequest, job)
"""


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    (tmp_path / "a_job.py").write_text(SCRIPT)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{':'.join(filter(None, sys.path))}")
    monkeypatch.setattr(runner, "MODULES", MODULES | {JobKind.SMOKE_TEST: "a_job"})
    return Jobs(LastResults(tmp_path / "results"))


def ended(jobs: Jobs, seed: str) -> Job:
    job = jobs.start(JobKind.SMOKE_TEST, SmokeTestRequest("users", 7, seed))
    job.join(LIMIT_S)
    return job


def failure(job: Job) -> JobFailure:
    assert job.state is JobState.FAILED
    assert job.result is not None
    return JobFailure.from_json(job.result)


def test_every_kind_has_a_module() -> None:
    assert MODULES.keys() == set(JobKind)


def test_a_job_reports_its_progress_and_result(jobs: Jobs) -> None:
    job = ended(jobs, "grün")
    status = job.status()
    assert status.state is JobState.DONE
    assert status.result == SmokeTestRequest("users", 7, "grün").to_json()
    assert [line.split("] ")[1] for line in status.progress] == ["begins"]
    later = job.status(since=status.next)
    assert (later.progress, later.next) == ((), status.next)
    assert later.elapsed_s == status.elapsed_s


def test_a_job_is_found_by_kind_and_id(jobs: Jobs) -> None:
    job = ended(jobs, "a")
    assert jobs.get("smoke-test", job.id) is job
    assert jobs.get("compare", job.id) is None
    assert jobs.get("smoke-test", "unknown") is None
    assert jobs.newest(JobKind.SMOKE_TEST, JobKind.REPAIR) == job.status()
    assert jobs.newest(JobKind.COMPARE) is None
    assert jobs.newest(JobKind.SMOKE_TEST, table="users") == job.status()
    assert jobs.newest(JobKind.SMOKE_TEST, table="orders") is None
    assert job.status().table == "users"


def test_a_running_job_can_be_stopped_and_excludes_others(jobs: Jobs) -> None:
    job = jobs.start(JobKind.SMOKE_TEST, SmokeTestRequest("users", seed="sleep"))
    try:
        while not job.status().progress:  # until it handles signals
            time.sleep(0.01)
        assert job.status().state is JobState.RUNNING
        assert job.status().result is None
        with pytest.raises(BusyError, match=f"a smoke-test of users is running .{job.id}"):
            jobs.start(JobKind.BENCH, BenchRequest("orders"))
    finally:
        jobs.stop()
        job.join(LIMIT_S)
    assert failure(job).error == "exit code 143"
    assert [line.split("] ")[1] for line in job.status().progress] == ["begins", "restores"]


def test_no_row_is_erased_while_dead_letters_are_replayed(jobs: Jobs) -> None:
    erase = EraseRequest("users", "7")
    cause = "a replay of dead letters of orders is running: a replay could bring"
    with jobs.replaying("orders"):
        with pytest.raises(BusyError, match=cause):
            jobs.start(JobKind.ERASE, erase)
        assert jobs.running(JobKind.ERASE) is None
        assert ended(jobs, "a").state is JobState.DONE  # a smoke test may run beside it
    with pytest.raises(RuntimeError), jobs.replaying("orders"):
        raise RuntimeError("Kafka does not answer")
    assert start_sleeping(jobs, JobKind.ERASE).state is JobState.RUNNING
    jobs.stop()


@pytest.mark.parametrize("kind", [JobKind.ERASE, JobKind.REPAIR, JobKind.REBUILD])
def test_no_dead_letter_is_replayed_while_a_job_needs_it(jobs: Jobs, kind: JobKind) -> None:
    job = start_sleeping(jobs, kind)
    try:
        cause = f"an? {kind.value} of users is running .{job.id}"
        with (
            pytest.raises(BusyError, match=cause) as busy,
            jobs.replaying("users"),
        ):
            raise AssertionError("a replay began")
        assert busy.value.remedy == "Wait until it has ended, then run the command again."
    finally:
        jobs.stop()
        job.join(LIMIT_S)
    with jobs.replaying("users"):
        pass


def start_sleeping(jobs: Jobs, kind: JobKind) -> Job:
    """A job of this kind that sleeps."""
    runner.MODULES[kind] = "a_job"
    job = jobs.start(kind, SmokeTestRequest("users", seed="sleep"))
    while not job.status().progress:  # until it handles signals
        time.sleep(0.01)
    return job


def test_a_restart_forgets_a_stopped_job_and_no_other(jobs: Jobs, tmp_path: Path) -> None:
    """What a stop ends must not hide the last result."""
    before = ended(jobs, "a").status()
    failed = ended(jobs, "raise").status()
    job = jobs.start(JobKind.SMOKE_TEST, SmokeTestRequest("orders", seed="sleep"))
    jobs.stop()
    job.join(LIMIT_S)
    restarted = Jobs(LastResults(tmp_path / "results"))
    assert before.state is JobState.DONE
    assert restarted.newest(JobKind.SMOKE_TEST, table="users") == failed
    assert restarted.newest(JobKind.SMOKE_TEST, table="orders") is None
    assert restarted.newest(JobKind.COMPARE) is None
    newer = ended(restarted, "b").status()
    assert restarted.newest(JobKind.SMOKE_TEST, table="users") == newer


def test_an_error_is_reported_with_its_trace(jobs: Jobs) -> None:
    failed = failure(ended(jobs, "raise"))
    assert failed.error == "kafka-1: the cause"
    assert failed.trace[-1] == "RuntimeError: kafka-1: the cause"


def test_a_job_that_exits_without_a_result_has_failed(jobs: Jobs) -> None:
    assert failure(ended(jobs, "exit")).error == "exit code 7"


def test_a_line_of_a_library_does_not_break_the_job(jobs: Jobs) -> None:
    assert ended(jobs, "print").state is JobState.DONE


def test_only_the_newest_jobs_are_kept(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "KEPT", 1)
    first, second = ended(jobs, "a"), ended(jobs, "b")
    assert jobs.get("smoke-test", first.id) is None
    assert jobs.get("smoke-test", second.id) is second


def test_a_request_names_its_table() -> None:
    assert CompareRequest("users").to_json() == {"table": "users"}
    with pytest.raises(ValueError, match="table is missing"):
        CompareRequest.from_json({})
