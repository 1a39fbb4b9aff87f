"""What people may type, checked before it reaches any engine."""

from __future__ import annotations

import re

from control_center.pipeline.trace import ID

EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(\.[\w-]+){1,8}")
LONGEST = 255


class UnfitError(ValueError):
    """Refused as it is no such thing; the text says what is wanted, and repeats nothing."""


def person(text: str) -> str:
    """An id or an email address."""
    text = text.strip()
    if len(text) > LONGEST or not (ID.fullmatch(text) or EMAIL.fullmatch(text)):
        raise UnfitError("Give an id (a UUID) or an email address.")
    return text


def identity(text: str) -> str:
    """An id alone."""
    if not ID.fullmatch(text.strip()):
        raise UnfitError("Give an id (a UUID).")
    return text.strip().lower()


def place(text: str) -> tuple[int, int]:
    """ "0:12" → (0, 12): partition and offset."""
    if not re.fullmatch(r"[0-9]{1,9}:[0-9]{1,18}", text, re.ASCII):
        raise UnfitError("A letter is named by partition:offset, e.g. 0:12.")
    partition, offset = text.split(":")
    return int(partition), int(offset)


def number(text: str | float | None, what: str) -> int | None:
    """A whole number from 0 on, None for an empty field."""
    if text is None or str(text).strip() == "":
        return None
    digits = str(text).strip().removesuffix(".0")
    if not re.fullmatch(r"[0-9]{1,18}", digits, re.ASCII):
        raise UnfitError(f"The {what} is a whole number from 0 on.")
    return int(digits)
