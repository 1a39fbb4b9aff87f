"""The scores of a mutation run, from the lines of mutmut."""

from __future__ import annotations

import pytest

from tests.mutation_score import Score, enough, group_scores, module_scores, report

LINES = """\
    contract.errors.xǁComponentErrorǁ__init____mutmut_1: no tests
    contract.table.version.x_root_cause__mutmut_1: killed
    contract.table.version.x_root_cause__mutmut_2: survived
    contract.table.version.x__private__mutmut_3: timeout
    control_center.health.diagnosis.x_sentence__mutmut_1: killed
    control_center.jobs.compare.digest.x_digest__mutmut_1: survived

a line of another kind
"""
MODULES = module_scores(LINES.splitlines())


def test_each_module_has_a_score() -> None:
    scores = module_scores(LINES.splitlines())
    assert scores == {
        "contract.errors": Score(0, 1),
        "contract.table.version": Score(2, 3),
        "control_center.health.diagnosis": Score(1, 1),
        "control_center.jobs.compare.digest": Score(0, 1),
    }


def test_each_package_has_a_score() -> None:
    assert group_scores(MODULES) == {
        "contract": Score(2, 4),
        "diagnosis": Score(1, 1),
        "compare": Score(0, 1),
    }


def test_report() -> None:
    assert report(MODULES).splitlines() == [
        "  0.0 %     0 of    1  contract.errors",
        " 66.7 %     2 of    3  contract.table.version",
        "100.0 %     1 of    1  control_center.health.diagnosis",
        "  0.0 %     0 of    1  control_center.jobs.compare.digest",
        "",
        " 50.0 %     2 of    4  contract",
        "100.0 %     1 of    1  diagnosis",
        "  0.0 %     0 of    1  compare",
        " 50.0 %     3 of    6  total",
    ]


@pytest.mark.parametrize(
    ("contract", "passes"), [(Score(85, 100), True), (Score(84, 100), False), (None, False)]
)
def test_every_package_must_have_the_required_share(contract: Score | None, passes: bool) -> None:
    """A module that was not measured does not have it."""
    scores = {
        "control_center.health.diagnosis": Score(100, 100),
        "control_center.jobs.compare.run": Score(100, 100),
    }
    assert enough(scores | ({"contract.errors": contract} if contract else {})) is passes
