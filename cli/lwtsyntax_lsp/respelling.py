"""The file in the other spelling: keywords for markers, or the other way round."""

from __future__ import annotations

from typing import Literal, cast

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.pipeline import transform
from lwtsyntax_lsp.snapshot import Snapshot

__all__ = ["LANGUAGES", "converted", "other_spelling"]

# spelling -> the language that editors know it as
LANGUAGES = {"markers": "python", "keywords": "lwt"}


def other_spelling(snapshot: Snapshot) -> str:
    """The one that *snapshot* is not in."""
    return "markers" if snapshot.respelled else "keywords"


def converted(snapshot: Snapshot, spelling: str) -> str:
    """The text of *snapshot* in *spelling*; raises :class:`Refusal`."""
    target = cast(Literal["markers", "keywords"], spelling)
    result = transform(snapshot.source.text, snapshot.source.filename, target=target, format=False)
    if result.text is None:
        raise Refusal(*result.diagnostics)
    return result.text
