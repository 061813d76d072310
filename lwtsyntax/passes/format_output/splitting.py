"""Lines that are too long, where black has one way to split them: a call that is returned, a simple header.

``return Lwt.bind(first, second)`` becomes, as far as that fits::

    return Lwt.bind(
        first, second
    )
    return Lwt.bind(
        first,
        second,
    )
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["split_line"]

_CALL = re.compile(r"(?P<head>return (?:\w+\.)?\w+\()(?P<inside>.+)\)")
_DEFINITION = re.compile(r"(?P<head>def \w+\()(?P<inside>[\w, ]*)\):")
_NO_BRACKETS = re.compile(r"[\w, ]+|\w+:")
_STRING = re.compile(r"\"[^\"]*\"")
_PARAMETERS = re.compile(r"lambda [^:]*:")


def split_line(line: str, column: int, length: int) -> str | None:
    """*line*, which is well written and stands at *column*, in lines of at most *length* if there is a way to
    split it; None where black has to find that out."""
    found = _DEFINITION.fullmatch(line) or _CALL.fullmatch(line)
    if found is None:
        return None
    head, inside = found["head"], found["inside"]
    parts = list(_arguments(inside))
    if not inside:
        return line
    if column + len(head) > length or not parts:
        return None
    is_definition = head.startswith("def")
    if column + 4 + len(inside) <= length and not (is_definition and len(parts) == 1):
        lines = [inside]
    elif (len(parts) > 1 or is_definition) and not any(part.startswith("*") for part in parts):
        lines = [f"{part}," for part in parts]
    else:
        return None
    if column + 4 + max(map(len, lines)) > length:
        return None
    indent = " " * column
    body = "".join(f"{indent}    {each}\n" for each in lines)
    return f"{head}\n{body}{indent}){':' * is_definition}"


def _arguments(text: str) -> Iterator[str]:
    """The arguments in *text*; none where its brackets are not those of one call."""
    bare = _STRING.sub(lambda found: "s" * len(found[0]), text)
    bare = _PARAMETERS.sub(lambda found: found[0].replace(",", "s"), bare)
    depth = start = 0
    parts: list[str] = []
    for at, character in enumerate(bare):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth < 0:
                return
        elif character == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    yield from [*parts, text[start:].strip()]
