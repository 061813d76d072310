"""What the client says of its documents: opened, changed, saved, closed."""

from __future__ import annotations

from lsprotocol import types

from lwtsyntax_lsp.session import LwtServer

__all__ = ["register"]


def _opened(ls: LwtServer, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    ls.documents.open(item.uri, item.language_id, item.version, item.text)


def _changed(ls: LwtServer, params: types.DidChangeTextDocumentParams) -> None:
    uri = params.text_document.uri
    text = ls.workspace.get_text_document(uri).source
    ls.documents.change(uri, params.text_document.version, text)


async def _saved(ls: LwtServer, params: types.DidSaveTextDocumentParams) -> None:
    await ls.documents.recheck()


def _closed(ls: LwtServer, params: types.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    ls.documents.close(uri)
    ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def register(server: LwtServer) -> None:
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
