"""What to write instead, where a text is no Python since a keyword was meant otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.keywords.reading import WORDS, KeywordForm, Reading, tokens_of

__all__ = ["CLAUSES", "misplaced", "with_hint"]

_CLAUSE = "the clauses of a _lwt form have Python's own words: "
_COMMA = "bindings side by side are joined by and: lwt x = a and y = b"
_WORDS_OF_CLAUSES = ("else", "except", "finally", "case")

# what one may take for a keyword -> what to write
CLAUSES = {f"{word}_lwt": f"{_CLAUSE}{word}" for word in _WORDS_OF_CLAUSES}


def with_hint(
    found: Diagnostic,
    source: Source,
    forms: Iterable[KeywordForm],
    reading: Reading | None = None,
) -> Diagnostic:
    """*found*, what CPython says of *source*, at the place and with the hint that help."""
    found = _at_header(found, source, reading)
    line = source.line(found.line)
    if "lwt" not in line and "exception" not in line:  # as all that has a hint
        return found
    for start, hint in sorted(misplaced(source, forms, reading)):
        if source.line_of(start) == found.line:
            return replace(found, hint=hint)
    return found


def _at_header(found: Diagnostic, source: Source, reading: Reading | None) -> Diagnostic:
    """Of ``match (c)`` CPython says only in the next line that its colon is missing."""
    line = source.line(found.line)
    if not found.message.endswith("expected ':'") or line[: found.column - 1].strip():
        return found
    start = source.offset_of(found.line, 0)
    tokens = reading.tokens if reading is not None else tokens_of(source)
    before = [each.end for each in tokens if each.text.strip()]
    end = max((each for each in before if each <= start), default=start)
    return source.diagnostic(found.code, found.message, Span(end, end))


def misplaced(
    source: Source, forms: Iterable[KeywordForm], reading: Reading | None = None
) -> Iterator[tuple[int, str]]:
    """Where a word stands as a keyword would, but cannot be one; and what to write instead."""
    known = {form.span.start for form in forms}
    reading = reading or Reading(list(tokens_of(source)))
    starts = {index for index, _ in reading.starts()}
    for index, token in enumerate(reading.tokens):
        begins = index in starts
        if token.span.start not in known and token.text in WORDS:
            hint = _instead(reading, index, begins=begins)
        elif begins and token.text == "lwt":
            hint = _of_binding(reading, index)
        else:
            hint = CLAUSES.get(token.text, "") if begins else ""
        if hint:
            yield token.span.start, hint


def _instead(reading: Reading, index: int, *, begins: bool) -> str:
    word, before = reading.token(index).text, reading.token(index - 1).text
    if before == "async":
        return f"write {word} without async: it takes asynchronous ones"
    if word == "exception" and begins and reading.begins_operand(index + 1):
        return "an arm begins with case: case exception P:"
    if word != "lwt":
        return ""
    if reading.begins_operand(index + 1):
        if before == "and":
            return "one lwt is for all: lwt x = a and y = b"
        return "inside an expression, lwt takes brackets: lwt(e)"
    if begins and reading.token(index + 1).text == "*":
        return "before such a target, write the marker: *x, y = lwt(e)"
    return ""


def _of_binding(reading: Reading, index: int) -> str:
    if reading.token(index + 1).text in ("def", "class", "async"):
        return "a def that waits needs no word before it"
    if _has_commas_for_and(reading, index):
        return _COMMA
    last = list(reading.flat(index))[-1]
    return "what follows is the next statement: lwt x = e, without in" if last.text == "in" else ""


def _has_commas_for_and(reading: Reading, index: int) -> bool:
    """Whether bindings are joined as in ``lwt x = a, y = b``."""
    signs = "".join(each.text for each in reading.flat(index) if each.text in ("=", ","))
    return ",=" in signs[signs.find("=") :]
