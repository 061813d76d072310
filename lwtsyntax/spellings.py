"""The two spellings of a program as texts: ``.lwt`` files with keywords, ``.py`` files with markers."""

from __future__ import annotations

from lwtsyntax.pipeline import TransformResult, transform

__all__ = ["to_keywords", "to_markers"]


def to_markers(
    source: str, filename: str = "<string>.lwt", *, format: bool = False
) -> TransformResult:
    """*source*, the text of the ``.lwt`` file *filename*, in marker spelling.

    The result has no text where *source* is refused, and says why in its diagnostics.  Nothing but the forms is
    touched, and so each token has a place in both texts: ``positions.original(line, column)`` leads from the new
    text to *source*, ``positions.written(line, column)`` the other way.  With ``format=True`` black lays the new
    text out, and ``original`` is exact to the expression only.
    """
    return transform(source, filename, target="markers", format=format)


def to_keywords(source: str, filename: str = "<string>.py") -> TransformResult:
    """*source*, a text in marker spelling, with the keywords that mean the same; for a ``.lwt`` file.

    What no keyword can say stays in marker spelling; a text without such forms comes back as it is, and the
    result is not ``changed``.
    """
    return transform(source, filename, target="keywords")
