"""The score of a mutation run, from the lines of mutmut."""

from __future__ import annotations

from tests.mutation_score import report, scores

LINES = """\
    contract.trace.x_root_cause__mutmut_1: killed
    contract.trace.x_root_cause__mutmut_2: survived
    contract.trace.x__private__mutmut_3: timeout
    contract.errors.xǁComponentErrorǁ__init____mutmut_1: no tests

a line of another kind
"""


def test_scores() -> None:
    assert scores(LINES.splitlines()) == {"contract.errors": (0, 1), "contract.trace": (2, 3)}


def test_report() -> None:
    text, percent = report(scores(LINES.splitlines()))
    assert text.splitlines() == [
        "  0.0 %     0 of    1  contract.errors",
        " 66.7 %     2 of    3  contract.trace",
        " 50.0 %     2 of    4  total",
    ]
    assert percent == 50.0


def test_no_mutant_is_no_score() -> None:
    assert report({})[1] == 0.0
