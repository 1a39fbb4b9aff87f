"""A type that cannot be carried."""

from __future__ import annotations


class KindError(ValueError):
    """`options` are what the file may say instead."""

    def __init__(self, type_name: str, reason: str, *options: str) -> None:
        choice = f". Choose: {', or '.join(options)}" if options else ""
        super().__init__(f"{type_name}: {reason}{choice}")
        self.type_name, self.reason, self.options = type_name, reason, options
