"""An error names the component, the cause and the remedy."""

from __future__ import annotations

import pickle

import pytest

from contract.errors import (
    ComponentError,
    ErrorAnswer,
    ErrorCode,
    InvalidInputError,
    NotFoundError,
    UnreachableError,
    first_line,
)


def test_an_error_keeps_its_three_parts() -> None:
    error = UnreachableError("kafka-1", "does not answer within 4 s", "make logs S=kafka-1")
    assert (error.component, error.cause) == ("kafka-1", "does not answer within 4 s")
    assert error.remedy == "make logs S=kafka-1"
    assert str(error) == "kafka-1: does not answer within 4 s"
    assert error.args == ("kafka-1", "does not answer within 4 s", "make logs S=kafka-1")


def test_a_remedy_may_be_missing() -> None:
    assert ComponentError("kafka-1", "does not answer").remedy == ""


def test_an_error_survives_a_process_border() -> None:
    error = pickle.loads(pickle.dumps(InvalidInputError("cli", "PEOPLE must be positive", "x")))
    assert (str(error), error.remedy) == ("cli: PEOPLE must be positive", "x")


@pytest.mark.parametrize(
    ("kind", "code", "builtin"),
    [
        (ComponentError, ErrorCode.FAILED, Exception),
        (UnreachableError, ErrorCode.UNREACHABLE, Exception),
        (InvalidInputError, ErrorCode.INVALID, ValueError),
        (NotFoundError, ErrorCode.NOT_FOUND, LookupError),
    ],
)
def test_codes_stay_the_same(
    kind: type[ComponentError], code: ErrorCode, builtin: type[Exception]
) -> None:
    assert kind.code is code
    assert issubclass(kind, builtin)


def test_the_answer_has_everything_in_one_sentence_too() -> None:
    error = UnreachableError("kafka-1", "does not answer", "Run make logs S=kafka-1")
    assert ErrorAnswer.of(error) == ErrorAnswer(
        ErrorCode.UNREACHABLE,
        "kafka-1",
        "does not answer",
        "Run make logs S=kafka-1",
        "kafka-1: does not answer. Run make logs S=kafka-1",
    )
    assert ErrorAnswer.of(NotFoundError("cli", "no such job")).detail == "cli: no such job"


def test_the_first_line_is_without_later_lines_and_spaces() -> None:
    assert first_line(ValueError("\n refused: the row\n  DETAIL: its values")) == "refused: the row"


def test_the_first_line_of_an_error_without_text() -> None:
    assert first_line(ValueError()) == ""
