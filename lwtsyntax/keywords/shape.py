"""Valid Python of the same length: every line and column stays where it is.

This text is for ``ast.parse`` only, to learn where the parts of each form stand::

    lwt x = a and y = b        0;  x = a ;   y = b
    for_lwt x in xs:           for     x in xs:
    case exception P:          case           P:
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.parsing import parse
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.keywords.hints import with_hint
from lwtsyntax.keywords.reading import KeywordForm

__all__ = ["parse_shape", "same_length"]

_MARK = "0;"  # a statement, which the passes never see, and room for the next


def same_length(text: str, forms: Iterable[KeywordForm]) -> str:
    """*text* with every keyword form as Python writes it."""
    parts: list[str] = []
    position = 0

    def put(span: Span, new: str) -> None:
        nonlocal position
        parts.extend((text[position : span.start], new.ljust(span.end - span.start)))
        position = span.end

    for form in sorted(forms, key=lambda each: each.span.start):
        is_mark = form.keyword.kind == "binding"
        put(form.span, _MARK if is_mark else form.keyword.python)
        for span in form.ands:
            put(span, ";")
    return "".join([*parts, text[position:]])


def parse_shape(source: Source, forms: Iterable[KeywordForm]) -> tuple[Source, ast.Module]:
    """That text of *source*, and its syntax tree; raises a refusal where it is no Python."""
    forms = list(forms)
    shape = Source(same_length(source.text, forms), source.filename)
    try:
        return shape, parse(shape, source)
    except Refusal as refusal:
        hinted = (with_hint(each, source, forms) for each in refusal.diagnostics)
        raise Refusal(*hinted) from None
