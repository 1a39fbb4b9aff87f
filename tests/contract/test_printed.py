"""Facts that other languages spell: printed by the contract, or compared here."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from cli.host.paths import ROOT
from contract import __main__ as printed
from contract.kafka import retention, schemas, topics
from contract.kafka.events import VERSION
from contract.stores.cassandra import roles as cassandra
from contract.stores.postgres import roles as postgres
from contract.stores.postgres import server
from contract.stores.postgres.publication import PUBLICATION
from contract.stream import dags, releases
from contract.stream.application import PREFIX, SparkState

KAFKA = "docker/kafka/entrypoint.sh"
SPARK = "docker/spark/conf/java-opts"
REGISTRY = "docker/schema-registry/entrypoint.sh"
SQL = "docker/postgres/sql"
GATEWAY = "docker/spark/gateway/src/riada/spark/Drivers.java"
RECORDER = "docker/schema-registry/record-classes.sh"
LARGEST_DECODED = str(topics.LARGEST_MESSAGE)


@pytest.mark.parametrize(
    ("file", "pattern", "values"),
    [
        (
            KAFKA,
            r"^(?:message\.max|replica\.fetch\.max)\.bytes=(\d+)$",
            {str(topics.LARGEST_BATCH)},
        ),
        (KAFKA, r"^log\.roll\.ms=(\d+)$", {str(retention.milliseconds(retention.SEGMENT))}),
        (SPARK, r"^-Dorg\.apache\.avro\.limits\.\w+\.maxLength=(\d+)$", {LARGEST_DECODED}),
        ("docker/spark/healthcheck", r"== (ALIVE|\w+)\*", {SparkState.ALIVE.value}),
        ("docker/spark/healthcheck", r'"status":"(\w+)"', {SparkState.ALIVE.value}),
        (GATEWAY, r'APPLICATION = "(\S+)"', {PREFIX}),
        (GATEWAY, r'JOBS = "/artifacts/(\S+)/"', {releases.JOBS}),
        ("infra/aws/roles.tf", r"/([\w-]+status\.json)", {releases.STATUS}),
        *(
            (file, pattern, {value})
            for file in (
                "infra/modules/kafka/connect.tf",
                "infra/modules/control-center/main.tf",
            )
            for pattern, value in (
                (r"\b(DATABASES) +=", server.VARIABLE),
                (r'"(database-)\$\{name\}"', server.secret("")),
            )
        ),
        ("infra/aws/security_groups.tf", r'secret, "(\S+)"', {server.secret("")}),
        (RECORDER, r"localhost:8081(\S+)$", {schemas.CONFLUENT_API}),
        (REGISTRY, r'"compatibility": "(\w+)"', {schemas.COMPATIBILITY}),
        (RECORDER, r'"compatibility": "(\w+)"', {schemas.COMPATIBILITY}),
        ("docker/schema-registry/healthcheck", r"grep (\w+)$", {schemas.COMPATIBILITY}),
        (
            "docker/schema-registry/healthcheck",
            r"localhost:8081(\S+)/config",
            {schemas.CONFLUENT_API},
        ),
        (REGISTRY, r"localhost:8081(\S+)/config", {schemas.CONFLUENT_API}),
        ("docker/connect/metrics.yaml", r"server=(\w+)\(", {topics.PREFIX}),
        ("docker/postgres/roles.sql", r"^ALTER ROLE (\w+) LOGIN", {*postgres.Role}),
        (
            "docker/postgres/roles.sql",
            r"`cat /run/secrets/(postgres-(?!super)\S+)`",
            {role.secret for role in postgres.Role},
        ),
        ("docker/airflow/prepare.py", r'^POOL = "(\w+)"$', {dags.POOL}),
        ("docker/postgres/roles.sql", r"^\\connect (\w+)$", {postgres.DATABASE}),
        (f"{SQL}/schema.sql", r"\bPUBLICATION (\w+)", {PUBLICATION}),
        (f"{SQL}/deliver.sql", r"\bPUBLICATION (\w+)", {PUBLICATION}),
        (f"{SQL}/guard.sql", r"\bpubname = '(\w+)'", {PUBLICATION}),
        (
            "docker/cassandra/entrypoint.sh",
            r"^for secret in cassandra-\{admin,(\w+),(\w+)\} ",
            {tuple(role.value for role in cassandra.Role)},
        ),
    ],
)
def test_another_language_has_the_same_value(file: str, pattern: str, values: set[str]) -> None:
    spelled = re.findall(pattern, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert set(spelled) == values, file


def test_roles_sql_makes_every_role() -> None:
    text = (ROOT / "docker/postgres/roles.sql").read_text(encoding="utf-8")
    (array,) = re.findall(r"unnest\(ARRAY\[(.*?)\]\)", text)
    assert array == ", ".join(f"'{role.value}'" for role in postgres.Role)


def test_java_names_the_field_of_the_version() -> None:
    """Debezium's field is source.sequence; ADD_FIELDS renames it."""
    java = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "docker/connect/task/src").rglob("*.java")
    )
    assert '"sequence"' in java
    assert VERSION == "__version"


def test_main_prints_one_fact_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    printed.main(["slot"])
    assert capsys.readouterr().out == "riada\n"
    printed.main([])
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{name} {value}" for name, value in printed.FACTS.items()]


def test_main_refuses_an_unknown_fact(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        printed.main(["largest-fish"])
    error = capsys.readouterr().err
    assert error.startswith("usage: python -m contract [-h]")
    assert "invalid choice: 'largest-fish'" in error


def test_help_has_examples_on_their_own_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        printed.main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert "Prints facts of the contract for programs in other languages." in lines
    assert "python -m contract largest-request   # 10485760" in lines


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contract", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_one_fact() -> None:
    assert run("largest-request").stdout == "10485760\n"
    assert run("connect-user").stdout == "riada\n"


def test_every_fact() -> None:
    assert run().stdout.splitlines() == [
        "capture-topic riada.capture",
        "largest-message 8388608",
        "largest-request 10485760",
        "largest-batch 10551296",
        "segment-ms 86400000",
        "compatibility BACKWARD",
        "connector riada",
        "connect-user riada",
        "slot riada",
        "publication riada",
    ]


def test_an_unknown_fact_is_refused() -> None:
    done = run("largest-fish")
    assert done.returncode == 2
    assert "invalid choice: 'largest-fish'" in done.stderr


@pytest.mark.parametrize("file", ["docker/connect/entrypoint.sh"])
def test_shell_asks_for_facts_that_exist(file: str) -> None:
    asked = re.findall(r"python -m contract ([\w-]+)", (ROOT / file).read_text(encoding="utf-8"))
    assert asked
    assert set(asked) <= printed.FACTS.keys()
