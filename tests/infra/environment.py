"""The environment variables that a source file reads, by the rules of its language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

NAME = r"[A-Z][A-Z0-9_]*"


def variables(path: Path) -> set[str]:
    """Names of variables that the file's code reads; names in comments and docstrings do not count,
    nor do assignments."""
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return set()
    first = text.partition("\n")[0]
    if path.suffix == ".py" or (first.startswith("#!") and "python" in first):
        return set(_of_python(text))
    if path.suffix == ".java":
        return set(re.findall(rf'getenv\("({NAME})"\)', text))
    return set(_of_text(text))


def _of_python(text: str) -> Iterator[str]:
    """Keys of an environment, and fields of a settings class (pydantic-settings)."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                yield key
            case ast.Call(args=arguments):  # environ.get("NAME"), or a function of the settings
                for argument in arguments:
                    match argument:
                        case ast.Constant(value=str(key)) if re.fullmatch(NAME, key):
                            yield key
            case ast.ClassDef(bases=[ast.Name(id="BaseSettings"), *_], body=body):
                for field in body:
                    match field:
                        case ast.AnnAssign(target=ast.Name(id=name)):
                            yield name.upper()


def _of_text(text: str) -> Iterator[str]:
    """Shell expansions, and what configuration files and jq call an environment variable."""
    for line in text.splitlines():
        code = re.sub(r"(^|\s)(#|//)(?!!).*", "", line)
        yield from re.findall(rf"\$\{{?[!#]?({NAME})\b(?!\.)", code)
        yield from re.findall(rf"(?:\benv|\$ENV)\.({NAME})\b", code)
        yield from re.findall(rf"\$\{{env:({NAME})\b", code)
