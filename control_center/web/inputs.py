"""The types of user input: for parameters of the API and for fields of the pages.

The errors name the expected form and never repeat the input, which may hold a person's data.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from contract.errors import InvalidInputError
from contract.kafka.offsets import TopicOffset
from control_center.config import COMPONENT
from control_center.pipeline.trace import ID

EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(\.[\w-]+){1,8}")
LONGEST_KEY = 255


def _person_key(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_KEY or not (ID.fullmatch(text) or EMAIL.fullmatch(text)):
        raise PydanticCustomError("person_key", "give an id (a UUID) or an email address")
    return text


def _person_id(text: str) -> str:
    if not ID.fullmatch(text.strip()):
        raise PydanticCustomError("person_id", "give an id (a UUID)")
    return text.strip().lower()


def _dead_letter(value: object) -> TopicOffset:
    match = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,18})", str(value), re.ASCII)
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


# An id or an email address.
PersonKey = Annotated[str, AfterValidator(_person_key)]
# An id alone, in lower case.
PersonId = Annotated[str, AfterValidator(_person_id)]
# "0:12" → TopicOffset(0, 12), on the dead-letter topic.
DeadLetterPlace = Annotated[TopicOffset, BeforeValidator(_dead_letter)]
# A partition or an offset; None for an empty field.
WholeNumber = Annotated[int | None, BeforeValidator(_whole_number)]
# The number of messages to show.
MessageLimit = Annotated[int, Field(ge=1, le=500)]


_PERSON_KEY: TypeAdapter[str] = TypeAdapter(PersonKey)
_WHOLE_NUMBER: TypeAdapter[int | None] = TypeAdapter(WholeNumber)


def person_key(text: str) -> str:
    """The content of a page's field; raises InvalidInputError."""
    key: str = _validated(_PERSON_KEY, text)
    return key


def whole_number(value: str | float | None, name: str) -> int | None:
    """The content of the page's field with this name; raises InvalidInputError."""
    number: int | None = _validated(_WHOLE_NUMBER, value, name)
    return number


def _validated(expected: TypeAdapter[Any], value: object, name: str = "") -> Any:
    try:
        return expected.validate_python(value)
    except ValidationError as error:
        cause = error.errors()[0]["msg"]
        raise InvalidInputError(COMPONENT, f"{name}: {cause}" if name else cause) from error
