"""The plan of a release: the Control Center's answer, waited for, printed, and refused."""

from __future__ import annotations

import pytest

from cli.clients.http import ResponseError
from cli.deploy.plan import LIMIT_S, RefusedPlanError, check, plan_of, text
from cli.deploy.release import Release
from cli.host.errors import CliError
from cli.installations.local import Installation
from contract.jobs.plan import Action, Plan, TablePlan
from tests.cli.clock import Clock
from tests.cli.server import Answer, JsonServer

RELEASE = Release({"dags/a.py": b'RELEASE = "unreleased"\n', "tables/orders.toml": b"# orders"})
PLAN = Plan(
    False,
    {
        "orders": TablePlan(Action.ADD, ("PostgreSQL: public.orders has about 12 rows",)),
        "users": TablePlan(Action.REFUSE, cause="its key changes", remedy="Keep the key."),
    },
)
PATH = "POST /api/tables/plan"
BUSY = {"code": "unreachable", "component": "cassandra-1", "cause": "does not answer"}
AWAY = Answer(BUSY | {"remedy": "", "detail": ""}, 503)

pytestmark = pytest.mark.usefixtures("clock")


def test_the_files_of_the_release_are_sent(server: JsonServer, installation: Installation) -> None:
    server.answers[PATH] = [Answer(PLAN.to_json())]
    assert plan_of(installation, RELEASE, ["lines"]) == PLAN
    assert server.requests[0].body == {"files": {"orders.toml": "# orders"}, "remove": ["lines"]}


def test_it_waits_for_components_that_have_just_started(
    server: JsonServer, installation: Installation, clock: Clock
) -> None:
    server.answers[PATH] = [Answer(status=0), AWAY, AWAY, Answer(PLAN.to_json())]
    assert plan_of(installation, RELEASE, []) == PLAN
    assert clock.now == 3


def test_after_its_limit_it_names_the_component(
    server: JsonServer, installation: Installation, clock: Clock
) -> None:
    server.answers[PATH] = [AWAY]
    with pytest.raises(CliError, match="cassandra-1: does not answer"):
        plan_of(installation, RELEASE, [])
    assert clock.now == pytest.approx(LIMIT_S, abs=1)


def test_a_wrong_request_ends_it_at_once(
    server: JsonServer, installation: Installation, clock: Clock
) -> None:
    server.answers[PATH] = [Answer({"code": "invalid"}, 422)]
    with pytest.raises(ResponseError):
        plan_of(installation, RELEASE, [])
    assert clock.now == 0


def test_a_plan_has_a_line_for_each_table_and_each_change() -> None:
    assert text(PLAN).splitlines() == [
        "  + orders: add",
        "      PostgreSQL: public.orders has about 12 rows",
        "  ! users: refuse",
        "      its key changes",
        "      remedy: Keep the key.",
    ]


def test_a_refused_plan_names_table_cause_and_remedy() -> None:
    with pytest.raises(RefusedPlanError, match="nothing was changed: users: its key") as raised:
        check(PLAN)
    assert raised.value.remedy == "Keep the key."
    assert raised.value.details == {"plan": PLAN.to_json()["tables"]}
    check(Plan(True, {"orders": PLAN.tables["orders"]}))
