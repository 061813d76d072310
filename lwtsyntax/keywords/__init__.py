"""The ``.lwt`` spelling: keyword forms, written anew with the markers that they mean.

Input: a text with keyword forms.  Output: the same program in marker spelling, which knows of each
of its characters where it came from (:mod:`lwtsyntax.ir.spelling`)::

    def total(names):                      @lwt
        lwt limit = maximum()       ->     def total(names):
        for_lwt name in names:                 limit = lwt(maximum())
            add(name)                          for name in for_lwt(names):
                                                   add(name)

``reading`` finds the keywords by their tokens, ``shape`` replaces them in place so that Python's own
parser finds the parts of each form, ``writing_markers`` puts the markers around them, with the imports that
``importing`` finds missing, and ``tails`` spells out what a marker cannot say.  After an edit, ``rereading`` has all that
done for the lines that have changed.  ``writing_keywords`` is the way back.

For programs: :func:`lwtsyntax.to_markers` and :func:`lwtsyntax.to_keywords`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.ir.parsing import parse
from lwtsyntax.ir.source import Source
from lwtsyntax.ir.spelling import show_places
from lwtsyntax.keywords.hints import misplaced
from lwtsyntax.keywords.reading import read_forms
from lwtsyntax.keywords.rereading import Remembered, reread
from lwtsyntax.keywords.shape import parse_shape
from lwtsyntax.keywords.tails import spell_out_tails
from lwtsyntax.keywords.writing_keywords import write_keywords
from lwtsyntax.keywords.writing_markers import write_markers

__all__ = [
    "SUFFIX",
    "Remembered",
    "compile_as_written",
    "hint_at",
    "mentions_keywords",
    "read_keywords",
    "read_source",
    "reread",
    "spell_out_tails",
    "tell_of_keywords",
    "write_keywords",
]

SUFFIX = ".lwt"


def mentions_keywords(text: str) -> bool:
    """Whether *text* can hold a keyword form at all."""
    return "lwt" in text or "exception" in text


def read_source(text: str, filename: str) -> Source:
    """*text* in marker spelling, whichever it is in by its file's name; raises a refusal."""
    source = Source(text, filename)
    return read_keywords(source) if filename.endswith(SUFFIX) else source


def tell_of_keywords(diagnostics: Iterable[Diagnostic], source: Source) -> Iterator[Diagnostic]:
    """*diagnostics* of a file that is not in keyword spelling, with a hint where a keyword makes it no Python."""
    for each in diagnostics:
        hint = hint_at(source.text, source.filename, each.line) if each.code == "LWT001" else ""
        yield replace(each, hint=hint) if hint else each


def hint_at(text: str, filename: str, line: int) -> str:
    """What to say of a line that is no Python, if that is for a keyword; else ""."""
    source = Source(text, filename)
    if line > source.line_count or not mentions_keywords(source.line(line)):
        return ""  # to find the tokens of a text takes a while
    forms = read_forms(source)
    starts = [form.span.start for form in forms]
    starts += (start for start, _ in misplaced(source, forms))
    if all(source.line_of(start) != line for start in starts):
        return ""
    other = ", or under a --stdin-filename that does" if filename == "<stdin>" else ""
    return f"keywords are read in files that end in {SUFFIX}{other}"


def compile_as_written(data: bytes, filename: str) -> None:
    """Compile a file for what CPython has to say about it, at the lines of the file.

    Warns, and raises what ``compile`` does; of keyword forms :class:`~lwtsyntax.diagnostics.Refusal`.
    """
    if not filename.endswith(SUFFIX):
        compile(data, filename, "exec", dont_inherit=True)
        return
    source = Source(data.decode("utf-8-sig"), filename)
    parse_shape(source, read_forms(source))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that was all about the text
        respelled = read_keywords(source)
        tree = parse(respelled)
    show_places(tree, respelled)
    compile(tree, filename, "exec", dont_inherit=True)


def read_keywords(source: Source) -> Source:
    """*source*, in keyword spelling, in marker spelling; raises :class:`~lwtsyntax.diagnostics.Refusal`."""
    forms = read_forms(source)
    shape, tree = parse_shape(source, forms)
    return write_markers(source, shape, tree, forms)
