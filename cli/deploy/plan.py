"""The plan of a release: the Control Center compares its tables with the stores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cli.clients import control_center
from cli.clients.http import NoResponseError, ResponseError
from cli.deploy.release import Release
from cli.host import output
from cli.host.errors import CliError
from cli.host.poll import poll_until
from cli.installations.local import Installation
from contract.jobs.plan import Action, Plan, PlanRequest, TablePlan

LIMIT_S = 180
SIGNS = {
    Action.ADD: "+",
    Action.ALTER: "~",
    Action.UNCHANGED: "=",
    Action.REMOVE: "-",
    Action.REFUSE: "!",
}


def plan_of(installation: Installation, release: Release, remove: Sequence[str]) -> Plan:
    """Waits up to 180 s for components that have just started; then raises CliError."""
    request = PlanRequest(release.table_files, tuple(remove))
    last: CliError | None = None

    def attempt() -> Plan | None:
        nonlocal last
        try:
            return _ask(installation, request)
        except NoResponseError as error:
            last = error
        except ResponseError as error:
            if error.status != 503:
                raise
            last = error
        return None

    plan = poll_until(attempt, LIMIT_S, report=lambda: f"  the plan waits for {last}")
    if plan is None:
        assert last is not None
        raise last
    return plan


def _ask(
    installation: Installation,
    request: PlanRequest,
    ask: Callable[..., Any] | None = None,
) -> Plan:
    answer = (ask or control_center.ask)(
        installation, "POST", "/api/tables/plan", request.to_json()
    )
    return control_center.decoded(Plan.from_json, answer)


def text(plan: Plan) -> str:
    """A line for each table with its changes below it."""
    return "\n".join(line for name, table in plan.tables.items() for line in _lines(name, table))


def _lines(name: str, table: TablePlan) -> list[str]:
    lines = [f"  {SIGNS[table.action]} {name}: {table.action.value}"]
    lines += [f"      {line}" for line in table.lines]
    if table.cause:
        lines += [f"      {table.cause}", f"      remedy: {table.remedy}"]
    return lines


def check(plan: Plan) -> None:
    """Prints the plan. Raises CliError if a change is refused; nothing has changed by then."""
    output.progress(f"plan\n{text(plan)}")
    refused = [name for name, table in plan.tables.items() if table.action is Action.REFUSE]
    if refused:
        raise RefusedPlanError(plan, refused)


class RefusedPlanError(CliError):
    """A release that is not deployed, because a change of a table is refused."""

    def __init__(self, plan: Plan, refused: Sequence[str]) -> None:
        causes = "; ".join(f"{name}: {plan.tables[name].cause}" for name in refused)
        remedies = " ".join(dict.fromkeys(plan.tables[name].remedy for name in refused))
        super().__init__(f"the plan is refused, nothing was changed: {causes}", remedies)
        self.details = {"plan": plan.to_json()["tables"]}
