"""Deploys the DAGs and the Spark job: green only when exactly these are parsed and run.

    make deploy-dags [PROJECT=riada] [JSON=1] [TARGET=aws]

A release is named by the content of dags/, spark/ and contract/, and its name stands as a tag on
every DAG. Airflow's own error ends the command, with the release before it back in place.
The same release again changes nothing.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from cli.clients.airflow import Airflow
from cli.clients.http import Unreachable, call
from cli.deploy.artifacts import Artifacts
from cli.deploy.release import Release
from cli.deploy.store import artifacts_of
from cli.host.output import Fault, emit, progress, stage
from cli.installations import target
from contract.stream.application import (
    SparkState,
    application_name,
    is_application,
    is_live_driver,
)

PARSE_S = 90
STREAM_S = 180
AGAIN_S = 5
"""Without an answer for so long, Airflow is asked to parse again."""


def main(argv: Sequence[str] | None = None) -> int | None:
    arguments = _arguments(argv)
    here = target.current({**os.environ, "PROJECT": arguments.project})
    began = time.monotonic()
    artifacts = artifacts_of(here)
    airflow = Airflow(here)
    release = Release.of()
    previous = artifacts.current()
    known = previous == release.name and set(parsed(airflow, release.name)) == set(release.dags)
    if not known:
        with stage(f"release {release.name}: copied to the artifacts store"):
            artifacts.put(release)
        with stage("Airflow parses it"):
            parse_or_roll_back(airflow, artifacts, release, previous)
    if artifacts.streaming() != release.name:
        artifacts.stream(release.name)
    started = unpause(airflow, release)
    driver = wait_for_driver(here.url("spark-master"), release.name)
    removed = artifacts.prune()
    took = round(time.monotonic() - began, 1)
    emit(
        {
            "ok": True,
            "release": release.name,
            "previous": previous,
            "changed": not known,
            "dags": release.dags,
            "unpaused": started,
            "driver": driver,
            "removed": removed,
            "took_s": took,
        },
        f"{'unchanged' if known else 'deployed'}: release {release.name} in {took} s\n"
        f"  Airflow parsed   {', '.join(release.dags)} (tag release:{release.name})\n"
        f"  the cluster runs {driver['app']} as {driver['driver']}",
    )
    return None


def parsed(airflow: Airflow, release: str) -> dict[str, bool]:
    """DAGs with the release's tag: id → is it paused?"""
    answer = airflow.ask("GET", f"/dags?limit=100&tags=release:{release}")
    return {dag["dag_id"]: dag["is_paused"] for dag in answer["dags"]}


def import_errors(airflow: Airflow) -> dict[str, tuple[str, str]]:
    """File → when it failed, and Airflow's own words."""
    answer = airflow.ask("GET", "/importErrors?limit=100")
    return {e["filename"]: (e["timestamp"], e["stack_trace"]) for e in answer["import_errors"]}


def parse_or_roll_back(
    airflow: Airflow, artifacts: Artifacts, release: Release, previous: str
) -> None:
    """Returns when every DAG carries the release's tag; else raises with the previous one back."""
    try:
        before = import_errors(airflow)
        artifacts.activate(release.name)
        _wait_for_parse(airflow, artifacts, release, before)
    except BaseException:
        if previous != release.name:
            artifacts.activate(previous)
            progress(f"rolled back to {f'release {previous}' if previous else 'no release'}")
        raise


def _wait_for_parse(
    airflow: Airflow,
    artifacts: Artifacts,
    release: Release,
    before: Mapping[str, tuple[str, str]],
) -> None:
    """An error counts when it is new and comes again: a parse may have run across the switch."""
    began = asked = said = time.monotonic()
    first: dict[str, str] = {}
    missing = set(release.dags)
    while time.monotonic() - began < PARSE_S:
        errors = {
            file: (when, words)
            for file, (when, words) in import_errors(airflow).items()
            if before.get(file, ("",))[0] != when
        }
        if again := [file for file, (when, _) in errors.items() if first.get(file, when) != when]:
            raise Fault(
                f"Airflow cannot import {again[0]} of release {release.name}:\n"
                f"{errors[again[0]][1].rstrip()}",
                "mend that file, then make deploy-dags again",
            )
        fresh = errors.keys() - first.keys()
        first = {file: when for file, (when, _) in errors.items()} | first
        missing = set(release.dags) - set(parsed(airflow, release.name))
        if not missing and not errors:
            return
        if fresh or time.monotonic() - asked > AGAIN_S:
            artifacts.activate(release.name)
            asked = time.monotonic()
        if time.monotonic() - said > 5:
            progress(f"  not parsed yet: {', '.join(sorted(missing)) or 'an error to clear'}")
            said = time.monotonic()
        time.sleep(1)
    raise Fault(
        f"Airflow has not parsed {', '.join(sorted(missing))} of release {release.name} "
        f"within {PARSE_S} s and names no error",
        "is the DAG's id the name of its file? make logs S=airflow-dag-processor tells more",
    )


def unpause(airflow: Airflow, release: Release) -> list[str]:
    """Sets every DAG of the release going; returns those that were paused."""
    paused = [dag for dag, is_paused in parsed(airflow, release.name).items() if is_paused]
    for dag in paused:
        airflow.ask("PATCH", f"/dags/{dag}?update_mask=is_paused", {"is_paused": False})
    return paused


def wait_for_driver(master: str, release: str) -> dict[str, str]:
    """The release's application and driver, once they alone run on the cluster."""
    began = said = time.monotonic()
    application = application_name(release)
    seen = "nothing yet"
    while time.monotonic() - began < STREAM_S:
        try:
            apps, drivers = on_cluster(call("GET", f"{master}/json/"))
        except Unreachable as fault:
            seen = fault.cause
        else:
            if apps == [f"{application} {SparkState.RUNNING.value}"] and len(drivers) == 1:
                return {"app": application, "driver": drivers[0]}
            seen = (
                f"applications {', '.join(apps) or 'none'}; drivers {', '.join(drivers) or 'none'}"
            )
        if time.monotonic() - said > 5:
            progress(f"  waiting for the driver of release {release}: {seen}")
            said = time.monotonic()
        time.sleep(1)
    raise Fault(
        f"the cluster does not run exactly release {release} after {STREAM_S} s: {seen}",
        "the log of stream_users in Airflow tells why; then make deploy-dags again",
    )


def on_cluster(state: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Streaming applications ("name STATE") and living drivers, from the master's own answer."""
    apps = [
        f"{app['name']} {app['state']}"
        for app in state["activeapps"]
        if is_application(app["name"])
    ]
    drivers = [d["id"] for d in state["activedrivers"] if is_live_driver(d["state"])]
    return apps, drivers


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="deploy-dags",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    project = os.environ.get("PROJECT") or "riada"
    parser.add_argument("--project", default=project, help="which installation (%(default)s)")
    return parser.parse_args(argv)
