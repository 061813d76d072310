"""The commands, which every client can send; the expansion is a request of its own as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from lwtsyntax.diagnostics import Refusal, render_text
from lwtsyntax_lsp.document import Document
from lwtsyntax_lsp.expansion import expand_file, expand_function
from lwtsyntax_lsp.respelling import LANGUAGES, converted
from lwtsyntax_lsp.session import LwtServer
from lwtsyntax_lsp.snapshot import Snapshot
from lwtsyntax_lsp.view import View, view
from lwtsyntax_lsp.worker import Priority

__all__ = ["expansion", "refusals_as_errors", "register", "sound"]


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
        revision, version = document.revision, document.version
        seen = view(document, document.sound)
        if seen is None:
            return None
        with refusals_as_errors():
            answer = await _expanded(ls, document, seen, position, scope)
        if document.revision == revision or document.closed:
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
    revision = document.revision
    for island in seen.snapshot.islands:  # one at a time: others ask meanwhile
        await ls.work(partial(seen.snapshot.expansion, island), Priority.LONG)
        if document.revision != revision:
            return None
    return await ls.work(partial(expand_file, seen, document.filename), Priority.LONG)


async def _transform(ls: LwtServer, uri: str = "") -> dict[str, Any]:
    """The file as ``lwtsyntax transform`` writes it."""
    _, present = await sound(ls, uri)
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
    _, present = await sound(ls, uri)
    with refusals_as_errors():
        text = await ls.work(partial(converted, present, spelling), Priority.LONG)
    return {"text": text, "languageId": LANGUAGES[spelling]}


async def sound(ls: LwtServer, uri: str) -> tuple[Document, Snapshot]:
    """The present text of *uri*; an error says why it is refused."""
    document = await ls.documents.read(uri)
    present = None if document is None else document.current
    if document is None or present is None:
        raise JsonRpcInvalidParams(f"not open: {uri}")
    with refusals_as_errors():
        if present.refused:
            raise Refusal(*present.diagnostics)
    return document, present


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """Tell the client of a refusal as the command line tells it."""
    try:
        yield
    except Refusal as refusal:
        errors = [each for each in refusal.diagnostics if each.severity == "error"]
        text = "\n".join(map(render_text, errors))
        raise JsonRpcException(text, types.LSPErrorCodes.RequestFailed) from None


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
