"""An ended session stays ended, also for the next process."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from control_center.web.auth.roles import Principal, Role
from control_center.web.auth.sessions import LASTS_S, Sessions


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ended-sessions.json"


def owner(sessions: Sessions, cookie: str) -> Principal:
    principal = sessions.read(cookie)
    assert principal
    return principal


def test_a_restart_does_not_open_an_ended_session_again(file: Path) -> None:
    before = Sessions(["secret"], file)
    ended, other = before.begin(Role.OPERATOR), before.begin(Role.READER)
    before.end(owner(before, ended).session)
    after = Sessions(["secret"], file)
    assert after.read(ended) is None
    assert owner(after, other).role is Role.READER


def test_the_file_forgets_sessions_that_are_too_old_anyway(file: Path) -> None:
    now = 1e9
    sessions = Sessions(["secret"], file, lambda: now)
    sessions.end("first")
    now += LASTS_S
    sessions.end("second")
    assert json.loads(file.read_text()).keys() == {"second"}


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"a": "b"}'])
def test_a_damaged_file_ends_all_earlier_sessions(file: Path, damaged: str) -> None:
    sessions = Sessions(["secret"], file)
    cookie = sessions.begin(Role.OPERATOR)
    file.parent.mkdir(exist_ok=True)
    file.write_text(damaged)
    later = Sessions(["secret"], file, lambda: time.time() + 3600)
    assert later.read(cookie) is None
    now = Sessions(["secret"], file)
    assert owner(now, now.begin(Role.OPERATOR)).operates


def test_a_session_is_ended_also_if_that_cannot_be_stored(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sessions = Sessions(["secret"], tmp_path / "file" / "ended-sessions.json")
    cookie = sessions.begin(Role.READER)
    with pytest.raises(OSError, match="exists"):
        sessions.end(owner(sessions, cookie).session)
    assert sessions.read(cookie) is None
