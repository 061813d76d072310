"""The commands, which every client can send; the expansion is a request of its own as well."""

from __future__ import annotations

from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from lwtsyntax.diagnostics import Diagnostic, Refusal, render_text
from lwtsyntax_lsp.document import Document
from lwtsyntax_lsp.expansion import expand_file, expand_function
from lwtsyntax_lsp.respelling import LANGUAGES, converted
from lwtsyntax_lsp.session import LwtServer
from lwtsyntax_lsp.snapshot import Snapshot
from lwtsyntax_lsp.view import View, view
from lwtsyntax_lsp.worker import Priority

__all__ = ["expansion", "register", "sound"]


async def expansion(
    ls: LwtServer, uri: str, position: types.Position | None, scope: str, *, follow: bool = True
) -> dict[str, Any] | None:
    """What becomes of the function at *position*, or of the file *uri*.

    While the text is refused, what became of the last one that was not.  To *follow* it is to be told when
    it may have become another.
    """
    if scope not in ("function", "file"):
        raise JsonRpcInvalidParams(f"scope: 'function' or 'file', not {scope!r}")
    if scope == "function" and position is None:
        raise JsonRpcInvalidParams("the expansion of a function needs a position")
    while True:
        document = await ls.documents.read(uri)
        if document is None:
            return None
        document.followed |= follow
        version, seen = document.version, view(document, document.sound)
        if seen is None:
            return None
        try:
            answer = await _expanded(ls, document, seen, position, scope)
        except Refusal as refusal:
            raise _failed(refusal.diagnostics) from None
        if document.version == version or document.closed:
            break
    if answer is None:
        return None
    stale = {"stale": True} if seen.stale else {}
    return {"uri": uri, "version": version, **answer, **stale}


async def _expanded(
    ls: LwtServer, document: Document, seen: View, position: types.Position | None, scope: str
) -> dict[str, Any] | None:
    if scope == "function" and position is not None:
        return await ls.work(partial(expand_function, seen, position))
    version = document.version
    for island in seen.snapshot.islands:  # one at a time: others ask meanwhile
        await ls.work(partial(seen.snapshot.expansion, island), Priority.LONG)
        if document.version != version:
            return None
    return await ls.work(partial(expand_file, seen, document.filename), Priority.LONG)


async def _transform(ls: LwtServer, uri: str = "") -> dict[str, Any]:
    """The file as ``lwtsyntax transform`` writes it."""
    present = await sound(ls, uri)
    answer = await expansion(ls, uri, None, "file", follow=False)
    if answer is None:
        return {"text": present.source.text}
    if "stale" in answer:
        raise JsonRpcException(f"{uri} has changed", types.LSPErrorCodes.ContentModified)
    return {"text": answer["text"]}


async def _convert(ls: LwtServer, uri: str = "", spelling: str = "") -> dict[str, Any]:
    """The file in the other spelling."""
    if spelling not in LANGUAGES:
        raise JsonRpcInvalidParams(f"spelling: 'markers' or 'keywords', not {spelling!r}")
    present = await sound(ls, uri)
    text = await ls.work(partial(converted, present, spelling), Priority.LONG)
    return {"text": text, "languageId": LANGUAGES[spelling]}


async def sound(ls: LwtServer, uri: str) -> Snapshot:
    """The present text of *uri*; an error says why it is refused."""
    document = await ls.documents.read(uri)
    present = None if document is None else document.current
    if present is None:
        raise JsonRpcInvalidParams(f"not open: {uri}")
    if present.refused:
        raise _failed(present.diagnostics)
    return present


def _failed(diagnostics: tuple[Diagnostic, ...]) -> JsonRpcException:
    errors = [each for each in diagnostics if each.severity == "error"]
    return JsonRpcException("\n".join(map(render_text, errors)), types.LSPErrorCodes.RequestFailed)


async def _expansion(
    ls: LwtServer,
    uri: str = "",
    position: types.Position | None = None,
    scope: str = "function",
) -> dict[str, Any] | None:
    return await expansion(ls, uri, position, scope)


def register(server: LwtServer) -> None:
    server.command("lwtsyntax.expansion")(_expansion)
    server.command("lwtsyntax.transform")(_transform)
    server.command("lwtsyntax.convertSpelling")(_convert)
