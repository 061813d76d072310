"""The tables of forms in the documents."""

from __future__ import annotations

from collections.abc import Iterable

from lwtsyntax.markers import FORMS, KEYWORDS

__all__ = ["FORM_TABLE", "KEYWORD_TABLE"]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |\n" for cells in (head, *rows)]
    lines.insert(1, "|" + "---|" * len(head) + "\n")
    return "".join(lines)


def _code(spellings: str) -> str:
    """``a / b`` as two spans of code."""
    return " · ".join(f"`{each}`" for each in spellings.split(" / "))


FORM_TABLE = {
    "forms": _table(
        ("you write", "it means"), ((_code(form.spelling), form.meaning) for form in FORMS)
    ),
}
KEYWORD_TABLE = {
    "keywords": _table(
        ("you write", "marker spelling", "it means"),
        ((_code(row.spelling), _code(row.equivalent), row.meaning) for row in KEYWORDS),
    ),
}
