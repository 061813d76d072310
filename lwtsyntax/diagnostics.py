"""Diagnostics: the table of codes, and their rendering as text and as JSON.

A diagnostic names a place in the user's source and a code of :data:`CODES`.  An *error* refuses the
file it stands in (nothing is written for it); a *warning* does not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Literal

__all__ = [
    "CODES",
    "Diagnostic",
    "Refusal",
    "Severity",
    "explanation",
    "render_json",
    "render_text",
]

Severity = Literal["error", "warning"]

# code -> (severity, title). The page that `lwtsyntax explain` shows is explanations/<code>.md.
CODES: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "LWT001": ("error", "not valid Python"),
        "LWT002": ("error", "not UTF-8"),
        "LWT003": ("error", "nested too deeply"),
        "LWT004": ("error", "file cannot be read or written"),
        "LWT010": ("error", "marker outside a thread function"),
        "LWT011": ("error", "wait in a class body"),
        "LWT012": ("error", "wait inside a comprehension or generator expression"),
        "LWT013": ("error", "wait inside a lambda"),
        "LWT014": ("error", "marker inside an async function"),
        "LWT015": ("error", "@lwt on something that is not a plain function"),
        "LWT016": ("error", "yield in a thread function"),
        "LWT017": ("error", "@lwt is not directly above the def"),
        "LWT018": ("error", "wrong arguments for a marker"),
        "LWT019": ("error", "marker outside its form"),
        "LWT022": ("error", "markers imported by *"),
        "LWT023": ("error", "marker used as a value"),
        "LWT024": ("error", "exception arm outside match_lwt"),
        "LWT025": ("error", "exception arm that captures everything under the name of a class"),
        "LWT026": ("error", "construct that the lowering does not cover yet"),
        "LWT027": ("error", "access to the frame of a thread function"),
        "LWT028": ("error", "name that is a marker and something else"),
        "LWT029": ("error", "await in a thread function"),
        "LWT030": ("warning", "forgotten wait"),
        "LWT031": ("warning", "_lwt loop that waits for nothing"),
        "LWT032": ("warning", "suppression of something that cannot be suppressed"),
        "LWT033": ("warning", "suppression that suppresses nothing"),
        "LWT034": ("error", "keyword form without something to wait for"),
        "LWT099": ("error", "internal error"),
    }
)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.  Lines and columns count from 1, columns in characters; the end is exclusive."""

    code: str
    message: str
    filename: str
    line: int
    column: int
    end_line: int
    end_column: int
    source_line: str = ""
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """``"error"`` or ``"warning"``, as :data:`CODES` says."""
        return CODES[self.code][0]


class Refusal(Exception):
    """Raised inside the passes: this source cannot be lowered, for the reasons in ``diagnostics``."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{d.code} {d.message}" for d in diagnostics))
        self.diagnostics = diagnostics


def explanation(code: str) -> str:
    """The Markdown page that explains *code*; KeyError when there is no such code."""
    if code not in CODES:
        raise KeyError(code)
    from importlib import resources

    page = resources.files("lwtsyntax").joinpath("explanations", f"{code}.md")
    return page.read_text(encoding="utf-8")


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """One JSON array, an object for each diagnostic: its fields and its severity; ASCII only."""
    rows = [{"severity": each.severity, **asdict(each)} for each in diagnostics]
    import json

    return json.dumps(rows, indent=2)


_RESET, _BOLD, _RED, _YELLOW, _CYAN = ("\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[36m")


def render_text(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """The diagnostic as lines without a final newline; *colour* adds terminal escapes.

    A warning says that it is one, between the code and the message. ::

        thread.py:5:9: LWT010 lwt() stands outside a thread function
            x = lwt(g())
                ^^^^^^^^
        hint: put @lwt above the def
    """

    def paint(style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if colour else text

    is_error = diagnostic.severity == "error"
    severity, word = (_RED, "") if is_error else (_YELLOW, "warning: ")
    place = f"{diagnostic.filename}:{diagnostic.line}:{diagnostic.column}:"
    lines = [f"{paint(_BOLD, place)} {paint(severity, diagnostic.code)} {word}{diagnostic.message}"]
    if diagnostic.source_line.strip():
        text, before, width = _excerpt(diagnostic)
        lines += [f"    {text}", "    " + " " * before + paint(severity, "^" * width)]
    if diagnostic.hint:
        lines.append(f"{paint(_CYAN, 'hint:')} {diagnostic.hint}")
    return "\n".join(lines)


_WIDEST = 120  # terminal columns of source shown; a longer line is cut on both sides of the span


def _excerpt(diagnostic: Diagnostic) -> tuple[str, int, int]:
    """The source line as a terminal shows it, the columns before the span, the columns of the span.

    A span over several lines is underlined to the end of its first line.
    """
    source = diagnostic.source_line.rstrip("\r\n")
    first = min(diagnostic.column - 1, len(source))
    last = diagnostic.end_column - 1 if diagnostic.end_line == diagnostic.line else len(source)
    cells = _cells(source)
    start = indent = min(len(source) - len(source.lstrip()), first)
    stop = len(source)
    if _columns(cells[start:]) > _WIDEST:
        start = max(indent, first - _WIDEST // 3)
        stop = min(stop, start + _WIDEST)
    lead = "…" if start > indent else ""
    tail = "…" if stop < len(source) else ""
    text = lead + "".join(shown for shown, _ in cells[start:stop]) + tail
    before = len(lead) + _columns(cells[start:first])
    return text, before, max(1, _columns(cells[first : min(last, stop)]))


def _columns(cells: Sequence[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _cells(source: str) -> list[tuple[str, int]]:
    """What each character of *source* shows as, and how many terminal columns that takes."""
    cells: list[tuple[str, int]] = []
    column = 0
    for character in source:
        category = unicodedata.category(character)
        if character == "\t":
            width = 8 - column % 8
            shown = " " * width
        elif category in ("Cc", "Cs"):  # would move the cursor, or cannot be encoded
            shown, width = "\N{REPLACEMENT CHARACTER}", 1
        elif category in ("Mn", "Me", "Cf"):  # drawn onto the character before it
            shown, width = character, 0
        else:
            shown, width = character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
        cells.append((shown, width))
        column += width
    return cells
