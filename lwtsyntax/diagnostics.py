"""Diagnostics: the table of codes, and their rendering as text and as JSON.

A diagnostic names a place in the user's source and a code of :data:`CODES`.  An *error* refuses the
file it stands in (nothing is written for it); a *warning* does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["CODES", "Diagnostic", "Refusal", "Severity"]

Severity = Literal["error", "warning"]

# code -> (severity, title). The page that `lwtsyntax explain` shows is explanations/<code>.md.
CODES: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "LWT001": ("error", "not valid Python"),
        "LWT002": ("error", "not UTF-8"),
        "LWT003": ("error", "nested too deeply"),
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
        "LWT020": ("error", "wait inside try"),
        "LWT021": ("error", "wait inside with"),
        "LWT022": ("error", "markers imported by *"),
        "LWT023": ("error", "marker used as a value"),
        "LWT024": ("error", "exception arm outside match_lwt"),
        "LWT025": ("error", "exception arm that captures everything under the name of a class"),
        "LWT026": ("error", "construct that the lowering does not cover yet"),
        "LWT027": ("error", "access to the frame of a thread function"),
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
