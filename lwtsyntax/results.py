"""What the pipeline gives: a text, where it came from, and what there is to say about its source."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.ir.modules import Fact
from lwtsyntax.ir.positions import PositionMap
from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.source import Source, Span

__all__ = ["Target", "TransformResult", "unchanged"]

# what the markers become; the last two are the same program in the other spelling
Target = Literal["binds", "async", "fibers", "markers", "keywords"]


@dataclass(frozen=True, slots=True)
class TransformResult:
    """What :func:`transform` gives: ``text`` is None when the source was refused.

    The diagnostics of a source that was refused are errors, those of any other are warnings.
    """

    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()
    positions: PositionMap | None = field(default=None, repr=False)
    changed: bool = False
    tree: ast.Module | None = field(default=None, repr=False)  # for fibers: what is to be compiled
    facts: tuple[Fact, ...] = ()  # what it owes to other files


def unchanged(source: Source) -> TransformResult:
    """*source* as it is; of one that was written anew, that text."""
    everything = Mapped(0, len(source.text), Span(0, len(source.text)), True)
    positions = PositionMap(source, source, lambda: (everything,))
    return TransformResult(source.text, (), positions)
