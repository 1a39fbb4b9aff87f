"""Facts that several programs share are spelled in contract/ alone.

Documents may name them, for people read them. Tests spell them by hand, so that a changed fact
fails a test.
"""

from __future__ import annotations

import subprocess
from collections import Counter

import pytest

from cli.host.paths import ROOT
from tests.contract.spellings import Spelling, spellings

FREE = ("contract/", "docs/", "tests/", "README.md", "CHANGELOG.md")
TESTS_OF_TERRAFORM = ".tftest.hcl"

KAFKA, REGISTRY = "docker/kafka/entrypoint.sh", "docker/schema-registry"
SQL, SLOT = "docker/postgres/sql", "slot or publication"
CENTER, CONNECT = "infra/modules/control-center/main.tf", "infra/modules/kafka/connect.tf"
GATEWAY = "docker/spark/gateway/src/riada/spark/Drivers.java"
SECRET = "secret of a database"
API, STATUS = "path of the registry's API", "file of the driver's status"

PRINTED = "no Python runs there: tests/contract/test_printed.py compares it"
EC2 = "the state of a machine of EC2"
DOCKER = "the state of a container of Docker"
STYLE = "a class of the Control Center's style sheet, which is named after the state"
DOCTOR = "the result of a check of this machine, which is not a probe"

# (file, fact, spelling) → how often, and why.
EXCEPTIONS: dict[tuple[str, str, str], tuple[int, str]] = {
    ("backup/settings.py", "state", "warn"): (1, "a level of pgBackRest's log"),
    ("cli/clients/tables.py", "state", "ok"): (1, "the result of a job"),
    ("cli/commands/smoke_test.py", "state", "ok"): (1, "a key of the result"),
    ("cli/host/machine/check.py", "state", "fail"): (1, DOCTOR),
    ("cli/host/machine/check.py", "state", "warn"): (1, DOCTOR),
    ("cli/installations/containers.py", "state", "running"): (1, DOCKER),
    ("control_center/web/ui/pages/alerts.py", "state", "fail"): (1, STYLE),
    ("control_center/web/ui/pages/alerts.py", "state", "warn"): (1, STYLE),
    ("control_center/web/ui/pages/audit.py", "state", "fail"): (2, STYLE),
    ("control_center/web/ui/pages/audit.py", "state", "ok"): (1, STYLE),
    ("control_center/web/ui/pages/audit.py", "state", "warn"): (1, STYLE),
    ("control_center/web/ui/pages/stages.py", "state", "fail"): (1, STYLE),
    ("control_center/web/ui/pages/stages.py", "state", "ok"): (1, STYLE),
    ("control_center/web/ui/pages/stages.py", "state", "warn"): (1, STYLE),
    ("dags/ingest_tables.py", "state", "running"): (1, "the state of a run in Airflow"),
    (KAFKA, "retention", "86400000"): (1, PRINTED),
    (KAFKA, "retention", "log.roll.ms"): (1, PRINTED),
    (KAFKA, "size of a message", "10551296"): (2, PRINTED),
    (KAFKA, "size of a message", "8388608"): (1, "the buffer of the log cleaner"),
    (f"{REGISTRY}/entrypoint.sh", "compatibility", "BACKWARD"): (2, PRINTED),
    (f"{REGISTRY}/entrypoint.sh", API, "/apis/ccompat/v7"): (2, PRINTED),
    (f"{REGISTRY}/healthcheck", "compatibility", "BACKWARD"): (1, PRINTED),
    (f"{REGISTRY}/healthcheck", API, "/apis/ccompat/v7"): (1, PRINTED),
    (f"{REGISTRY}/record-classes.sh", "compatibility", "BACKWARD"): (1, PRINTED),
    (f"{REGISTRY}/record-classes.sh", API, "/apis/ccompat/v7"): (1, PRINTED),
    (f"{SQL}/deliver.sql", SLOT, "PUBLICATION riada"): (3, PRINTED),
    (f"{SQL}/deliver.sql", SLOT, "publication riada"): (1, "a sentence"),
    (f"{SQL}/guard.sql", SLOT, "publication riada"): (2, "a sentence"),
    (f"{SQL}/schema.sql", SLOT, "PUBLICATION riada"): (2, PRINTED),
    ("docker/spark/conf/java-opts", "size of a message", "8388608"): (3, PRINTED),
    ("docker/spark/healthcheck", "state", "ALIVE"): (1, PRINTED),
    (GATEWAY, "name of the application", '"stream-"'): (1, PRINTED),
    ("infra/aws/security_groups.tf", SECRET, '"database-'): (1, PRINTED),
    (CENTER, SECRET, '"database-'): (1, PRINTED),
    (CONNECT, SECRET, '"database-'): (1, PRINTED),
    ("infra/aws/roles.tf", STATUS, "streaming-status.json"): (1, PRINTED),
    ("docker/kafka/restore-zookeeper", "retention", "retention.ms"): (1, "a setting of Kafka"),
    ("localstack/machines/__main__.py", "state", "running"): (2, EC2),
    ("localstack/machines/container.py", "state", "running"): (3, EC2),
}


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def spelled_facts() -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for name in tracked():
        if name.startswith(FREE) or name.endswith(TESTS_OF_TERRAFORM):
            continue
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or an archive
        counts.update((name, spelling.fact, spelling.text) for spelling in spellings(name, text))
    return counts


def test_no_fact_is_spelled_outside_the_contract() -> None:
    allowed = Counter({where: count for where, (count, _) in EXCEPTIONS.items()})
    assert not spelled_facts() - allowed, (
        "import the fact from contract/, or name the exception here"
    )


def test_every_exception_is_still_needed() -> None:
    allowed = Counter({where: count for where, (count, _) in EXCEPTIONS.items()})
    assert not allowed - spelled_facts()


def test_every_exception_has_a_reason() -> None:
    assert all(reason for _, reason in EXCEPTIONS.values())


@pytest.mark.parametrize(
    ("name", "planted", "fact"),
    [
        ("a.py", 'TOPIC = "riada.public.users"', "topic"),
        ("a.sh", "kcat -t riada.public.users.dead-letter", "topic"),
        ("a.yml", "topic: riada.capture", "topic"),
        ("a.py", 'TOPIC = "riada.shop.public.users"', "topic"),
        ("a.py", 'key = f"capture.{name}"', "key of a record of capture"),
        ("a.java", 'key.equals("capture.shop")', "key of a record of capture"),
        ("a.py", 'secret = f"database-{name}"', "secret of a database"),
        ("a.py", 'SLOT = "riada"', "slot or publication"),
        ("a.jq", '"slot.name": "riada"', "slot or publication"),
        ("a.sql", "WHERE slot_name = 'riada'", "slot or publication"),
        ("a.sql", "CREATE PUBLICATION riada FOR TABLE users", "slot or publication"),
        ("a.properties", "publication.name=riada", "slot or publication"),
        ("a.sh", "--config retention.ms=1", "retention"),
        ("a.sh", "keep=604800000", "retention"),
        ("a.py", "KEPT_MS = 604_800_000", "retention"),
        ("a.py", "KEPT = timedelta(days=7)", "retention"),
        ("a.cql", "gc_grace_seconds = 1", "retention"),
        ("a.tf", "bytes = 8388608", "size of a message"),
        ("a.py", 'name = f"stream-{release}"', "name of the application"),
        ("a.py", 'name.startswith("stream-")', "name of the application"),
        ("a.tf", 'key = "streaming-status.json"', "file of the driver's status"),
        ("a.sh", "grep BACKWARD", "compatibility"),
        ("a.sh", "curl registry/apis/ccompat/v7/config", "path of the registry's API"),
        ("a.py", 'record["__source_lsn"]', "field of the change event"),
        ("a.py", 'headers["origin.offset"]', "header of a dead letter"),
        ("a.py", 'ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"', "pattern of a UUID"),
        ("a.java", 'line.startsWith("Caused by: ")', "cause in a Java trace"),
        ("a.py", 'driver["state"] == "RELAUNCHING"', "state"),
        ("a.py", 'state = "halted"', "state"),
        ("a.py", 'if probe.state == "warn": pass', "state"),
        ("a.sh", '[[ $state == "ALIVE" ]]', "state"),
        ("a.jq", '.state == "FAILED"', "state"),
    ],
)
def test_a_planted_spelling_is_found(name: str, planted: str, fact: str) -> None:
    text = f"\n{planted}\n"
    assert {(spelling.fact, spelling.line) for spelling in spellings(name, text)} == {(fact, 2)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'result = {"ok": True}'),
        ("a.py", '"""The driver has halted."""'),
        ("a.py", "SLOT_USER = 'riada_bench'"),
        ("a.sql", "SELECT FROM pg_replication_slots"),
        ("a.py", "KEPT = timedelta(days=3)"),
    ],
)
def test_other_text_is_left_alone(name: str, text: str) -> None:
    assert list(spellings(name, text)) == []


def test_spellings_sort_by_fact() -> None:
    assert Spelling("a", 1, "x") < Spelling("b", 1, "x")
