"""Outputs beside their sources: ``x.py`` beside ``x.lwt``, whose last line says where it came from.

Only a file that says so is ever written over: an ``x.py`` that somebody wrote stays.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.importhook.loaders import SUFFIX as KEYWORDS
from lwtsyntax.importhook.loaders import mentions_markers

if TYPE_CHECKING:
    from lwtsyntax.pipeline import TransformResult

__all__ = [
    "KEYWORDS",
    "foreign_target",
    "holds_keywords",
    "is_signed",
    "is_source",
    "may_hold_markers",
    "signed",
    "written_name",
]

_MARKER = re.compile(rb"\b(?:[a-z]+_)?lwt\b")
_MAP = b"# sourceMappingURL="


def holds_keywords(name: str) -> bool:
    """Whether a file of that name is in keyword spelling."""
    return name.endswith(KEYWORDS) and name != KEYWORDS


def is_source(name: str) -> bool:
    """Whether a file of that name is one of Python, in either spelling."""
    return holds_keywords(name) or (name.endswith((".py", ".pyw")) and name not in (".py", ".pyw"))


def written_name(name: str, to: str = "binds") -> str:
    """What the output of a file of that name is called."""
    if to == "keywords":
        return name.rpartition(".")[0] + KEYWORDS if name.endswith((".py", ".pyw")) else name
    return name.removesuffix(KEYWORDS) + ".py" if holds_keywords(name) else name


def may_hold_markers(path: Path) -> bool:
    """Whether the file mentions the package and a marker; not, if it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return mentions_markers(data) and _MARKER.search(data) is not None


def _signature(source: Path) -> str:
    return f"# written by lwtsyntax from {source.name}"


def signed(result: TransformResult, source: Path) -> TransformResult:
    """*result* with a last line that names its source."""
    assert result.text is not None
    newline = "\r\n" if "\r\n" in result.text else "\n"
    ended = not result.text or result.text.endswith(("\n", "\r"))
    text = result.text + ("" if ended else newline) + _signature(source) + newline
    return replace(result, text=text)


def is_signed(path: Path, source: Path) -> bool:
    """Whether *path* says that it was written from *source*, the line of a source map aside."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return False
    while lines and (not lines[-1].strip() or lines[-1].startswith(_MAP)):
        lines.pop()
    return bool(lines) and lines[-1].rstrip() == _signature(source).encode(errors="surrogateescape")


def foreign_target(name: str, source: Path, target: Path) -> Diagnostic | None:
    """Why the output of *source*, shown as *name*, must not go to *target*, which somebody wrote."""
    if not target.exists() or is_signed(target, source):
        return None
    message = f"{target} stands there, and was not written from {source.name}"
    hint = "move it away or delete it, or write elsewhere with -o"
    return Diagnostic("LWT004", message, name, 1, 1, 1, 1, hint=hint)
