"""Prints what changes in each table, then deploys tables, DAGs and the Spark job; succeeds only
when Airflow and the cluster run exactly this release.

A release is named by the content of dags/, spark/, contract/ and tables/, and every DAG has its
name as a tag. If the change of a table is refused, nothing changes and the exit code is 1. After an
import error of Airflow the command ends, and the previous release is active again. A repeated
deploy of the same release changes nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from cli.clients.airflow import Airflow
from cli.deploy import plan as plans
from cli.deploy.driver import ProbeReports, wait_for_driver
from cli.deploy.parsing import AirflowApi, parse_or_roll_back, parsed
from cli.deploy.plan import plan_of
from cli.deploy.release import Release
from cli.deploy.store import artifacts_of
from cli.host.options import text
from cli.host.output import emit, stage
from cli.installations import target

SUMMARY = "Deploy tables, DAGs and the Spark job, after a plan; end when this release runs"


@dataclass(frozen=True)
class Options:
    remove: str = text("", "tables (orders) and columns (orders.note) to remove, with commas")


def run(options: Options) -> int:
    emit(*deploy(options))
    return 0


def deploy(options: Options) -> tuple[dict[str, object], str]:
    """Returns the result as JSON and as text."""
    installation = target.current()
    began = time.monotonic()
    artifacts = artifacts_of(installation)
    airflow = Airflow(installation)
    release = Release.of()
    remove = [name.strip() for name in options.remove.split(",") if name.strip()]
    with stage("plan"):
        plan = plan_of(installation, release, remove)
    plans.check(plan)
    state = artifacts.state()
    unchanged = state.current == release.name and is_parsed(airflow, release)
    if not unchanged:
        with stage(f"release {release.name}: copied to the artifacts store"):
            artifacts.put(release)
        with stage("Airflow parses it"):
            parse_or_roll_back(airflow, artifacts, release, state.current)
    if state.streaming != release.name:
        artifacts.stream(release.name)
    unpaused = unpause(airflow, release)
    running = wait_for_driver(installation.url("spark-master"), release, ProbeReports(installation))
    removed = artifacts.prune()
    took = round(time.monotonic() - began, 1)
    return (
        {
            "ok": True,
            "release": release.name,
            "previous": state.current,
            "changed": not unchanged,
            "plan": plan.to_json()["tables"],
            "dags": release.dags,
            "unpaused": unpaused,
            "driver": running,
            "removed": removed,
            "took_s": took,
        },
        f"{'unchanged' if unchanged else 'deployed'}: release {release.name} in {took} s\n"
        f"  Airflow parsed   {', '.join(release.dags)} (tag release:{release.name})\n"
        f"  the cluster runs {running['app']} as {running['driver']}\n"
        f"  tables           {', '.join(release.tables)}",
    )


def is_parsed(airflow: AirflowApi, release: Release) -> bool:
    """Does Airflow have exactly the release's DAGs with its tag?"""
    return set(parsed(airflow, release.name)) == set(release.dags)


def unpause(airflow: AirflowApi, release: Release) -> list[str]:
    """Unpause every DAG of the release; returns those that were paused."""
    paused = [dag for dag, is_paused in parsed(airflow, release.name).items() if is_paused]
    for dag in paused:
        airflow.ask("PATCH", f"/dags/{dag}?update_mask=is_paused", {"is_paused": False})
    return paused
