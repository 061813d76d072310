"""The ``.lwt`` spelling: keyword forms, written anew with the markers that they mean.

Input: a text with keyword forms.  Output: the same program in marker spelling, which knows of each
of its characters where it came from (:mod:`lwtsyntax.ir.spelling`)::

    def total(names):                      @lwt
        lwt limit = maximum()       ->     def total(names):
        for_lwt name in names:                 limit = lwt(maximum())
            add(name)                          for name in for_lwt(names):
                                                   add(name)

``reading`` finds the keywords by their tokens, ``shape`` replaces them in place so that Python's own
parser finds the parts of each form, ``writing`` puts the markers around them.
"""

from __future__ import annotations

from lwtsyntax.ir.source import Source
from lwtsyntax.keywords.reading import read_forms
from lwtsyntax.keywords.shape import parse_shape
from lwtsyntax.keywords.writing import write_markers

__all__ = ["SUFFIX", "mentions_keywords", "to_markers"]

SUFFIX = ".lwt"


def mentions_keywords(text: str) -> bool:
    """Whether *text* can hold a keyword form at all."""
    return "lwt" in text


def to_markers(source: Source) -> Source:
    """*source* in marker spelling; raises :class:`~lwtsyntax.diagnostics.Refusal`."""
    forms = read_forms(source)
    if not forms:
        return source
    shape, tree = parse_shape(source, forms)
    return write_markers(source, shape, tree, forms)
