"""The types of user input: for parameters of the API and for fields of the pages.

The errors name the expected form and never repeat the input, which may hold personal data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from contract.errors import InvalidInputError
from contract.kafka.offsets import TopicOffset
from contract.table.key import key_text, parse_key
from contract.table.table import Table
from control_center.config import COMPONENT

LONGEST_KEY = 4096  # characters
LONGEST_VALUE = 1024  # characters of a parameter of a query
LONGEST_SEARCH = 200  # characters of a text that messages contain
LONGEST_POSITION = 4096  # characters
_LONGEST = {"longest": LONGEST_KEY}
_PLACE = re.compile(r"([0-9]{1,9}):([0-9]{1,18})", re.ASCII)


def _row_key(text: str) -> str:
    if not 0 < len(text) <= LONGEST_KEY:
        raise PydanticCustomError("row_key", "give a key of 1 to {longest} characters", _LONGEST)
    return text


def _dead_letter(value: object) -> TopicOffset:
    match = _PLACE.fullmatch(str(value))
    if match is None:
        raise PydanticCustomError("dead_letter", "use partition:offset, such as 0:12")
    return TopicOffset(int(match[1]), int(match[2]))


def _whole_number(value: object) -> int | None:
    """None for an empty field; a number field of a page gives 12.0."""
    if value is None or str(value).strip() == "":
        return None
    digits = str(value).strip().removesuffix(".0")
    if not re.fullmatch(r"[0-9]{1,18}", digits, re.ASCII):
        raise PydanticCustomError("whole_number", "give a whole number of at least 0")
    return int(digits)


# A key's text, or a value of an indexed column; any characters.
RowKey = Annotated[str, AfterValidator(_row_key)]
# "0:12" → TopicOffset(0, 12), on the dead-letter topic.
DeadLetterPlace = Annotated[TopicOffset, BeforeValidator(_dead_letter)]
# A partition or an offset; None for an empty field.
WholeNumber = Annotated[int | None, BeforeValidator(_whole_number)]
# The number of messages to show.
MessageLimit = Annotated[int, Field(ge=1, le=500)]


_ROW_KEY: TypeAdapter[str] = TypeAdapter(RowKey)
_WHOLE_NUMBER: TypeAdapter[int | None] = TypeAdapter(WholeNumber)


def row_key(text: str) -> str:
    """The content of a page's field; raises InvalidInputError."""
    key: str = _validated(_ROW_KEY, text)
    return key


def exact_key(table: Table, text: str) -> str:
    """The key's text in its one form, such as a UUID in lower case; raises InvalidInputError."""
    try:
        values = parse_key(table, text)
        return key_text(table, values)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise InvalidInputError(COMPONENT, f"key: {error}") from error


def query_parameters(items: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The parameters of a URL as name → value; raises InvalidInputError if a name occurs twice, or
    for a value of more than LONGEST_VALUE characters."""
    parameters = dict(items)
    if len(parameters) < len(items):
        raise InvalidInputError(COMPONENT, "give each parameter once")
    if any(len(value) > LONGEST_VALUE for value in parameters.values()):
        cause = f"the value of a parameter has at most {LONGEST_VALUE} characters"
        raise InvalidInputError(COMPONENT, cause)
    return parameters


def whole_number(value: str | float | None, name: str) -> int | None:
    """The content of the page's field with this name; raises InvalidInputError."""
    number: int | None = _validated(_WHOLE_NUMBER, value, name)
    return number


def positions(text: str) -> dict[int, int] | None:
    """Where an earlier scan of a topic stopped, as position_text has it; None for an empty text.
    Raises InvalidInputError."""
    if not text:
        return None
    places = [_PLACE.fullmatch(item) for item in text.split(",")]
    offsets = {int(place[1]): int(place[2]) for place in places if place}
    if len(offsets) < len(places):
        cause = "position: give partition:offset of each partition, such as 0:500,1:700"
        raise InvalidInputError(COMPONENT, cause)
    return offsets


def position_text(position: Mapping[int, int]) -> str:
    """Partition → offset as text: "0:500,1:700"."""
    return ",".join(f"{part}:{offset}" for part, offset in sorted(position.items()))


def search_text(text: str) -> str:
    """The content of a page's field for a text to search; raises InvalidInputError."""
    if len(text) > LONGEST_SEARCH:
        raise InvalidInputError(COMPONENT, f"text: give at most {LONGEST_SEARCH} characters")
    return text.strip()


def utc_time(value: str | None) -> datetime | None:
    """The content of a page's field for a time, which is UTC; None for an empty field. Raises
    InvalidInputError."""
    if not value:
        return None
    try:
        return datetime.fromisoformat(value.removesuffix("Z").removesuffix(" UTC")).replace(
            tzinfo=UTC
        )
    except ValueError as error:
        cause = "time: give date and time in UTC, such as 2026-11-25 23:11:21"
        raise InvalidInputError(COMPONENT, cause) from error


def _validated(expected: TypeAdapter[Any], value: object, name: str = "") -> Any:
    try:
        return expected.validate_python(value)
    except ValidationError as error:
        cause = error.errors()[0]["msg"]
        raise InvalidInputError(COMPONENT, f"{name}: {cause}" if name else cause) from error
