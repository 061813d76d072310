"""Convert the spelling: the file gets another text, and the name that belongs to it.

What it would become is found when the user has chosen it.
"""

from __future__ import annotations

from lsprotocol import types

from lwtsyntax.analysing import Span
from lwtsyntax_lsp.respelling import converted, other_spelling
from lwtsyntax_lsp.snapshot import Snapshot

__all__ = ["conversion", "resolve"]

_SUFFIXES = {"markers": ".py", "keywords": ".lwt"}


def conversion(snapshot: Snapshot, uri: str) -> list[types.CodeAction]:
    """The offer, where the file has the name of its spelling."""
    spelling = other_spelling(snapshot)
    new = _new_uri(uri, spelling)
    if new is None or snapshot.refused:
        return []
    title = f"Convert to {spelling}, as {new.rpartition('/')[2]}"
    kind = types.CodeActionKind.RefactorRewrite
    return [types.CodeAction(title, kind=kind, data={"uri": uri})]


def resolve(snapshot: Snapshot, version: int, action: types.CodeAction) -> types.CodeAction:
    """*action*, an offer for *snapshot*, the client's *version*, with its edits; raises a refusal."""
    data = action.data if isinstance(action.data, dict) else {}
    uri, spelling = str(data.get("uri")), other_spelling(snapshot)
    new = _new_uri(uri, spelling)
    if new is None:
        return action
    whole = snapshot.places.range(Span(0, len(snapshot.source.text)))
    document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    edit = types.TextEdit(whole, converted(snapshot, spelling))
    action.edit = types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(document, [edit]), types.RenameFile(uri, new)]
    )
    return action


def _new_uri(uri: str, spelling: str) -> str | None:
    old = _SUFFIXES["markers" if spelling == "keywords" else "keywords"]
    if uri.startswith("file:") and uri.endswith(old):
        return uri.removesuffix(old) + _SUFFIXES[spelling]
    return None
