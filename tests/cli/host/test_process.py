"""Programs are run so that their failure names the command and the cause."""

from __future__ import annotations

import pytest

from cli.host.errors import CliError
from cli.host.process import capture, program, stream, succeeds


def test_output_is_returned() -> None:
    assert capture(["bash", "-c", "echo $WORD"], environment={"WORD": "yes"}) == "yes\n"


def test_a_failure_has_the_last_lines_and_the_remedy() -> None:
    script = "seq 1 100 >&2; exit 3"
    with pytest.raises(CliError) as raised:
        capture(["bash", "-c", script], remedy="try again")
    assert raised.value.cause.startswith(f"`bash -c {script} …` failed: 81\n")
    assert raised.value.cause.endswith("\n100")
    assert raised.value.remedy == "try again"


def test_standard_output_is_shown_if_nothing_is_on_standard_error() -> None:
    with pytest.raises(CliError, match="failed: no such thing"):
        capture(["bash", "-c", "echo no such thing; exit 1"])


def test_a_command_that_takes_too_long_is_ended() -> None:
    with pytest.raises(CliError, match=r"did not end within 0\.1 s"):
        capture(["sleep", "60"], timeout_s=0.1)


def test_a_streamed_failure_has_its_exit_code() -> None:
    stream(["true"])
    with pytest.raises(CliError, match=r"`bash -c exit 7 …` failed with exit code 7"):
        stream(["bash", "-c", "exit 7"])


def test_with_json_a_streamed_program_leaves_standard_output_alone(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JSON", "1")
    stream(["echo", "a line"])
    assert capfd.readouterr() == ("", "a line\n")


def test_success_and_failure() -> None:
    assert succeeds(["true"])
    assert not succeeds(["false"])
    assert not succeeds(["sleep", "60"], timeout_s=0.1)
    assert not succeeds(["no-such-program-of-riada"])


def test_a_program_that_is_not_installed_has_a_remedy() -> None:
    with pytest.raises(CliError, match="no-such-program-of-riada is not installed") as raised:
        program("no-such-program-of-riada", "install it")
    assert raised.value.remedy == "install it"
