"""What the server holds: the open documents, the thread that reads them, the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from lwtsyntax import __version__
from lwtsyntax_lsp.diagnosing import protocol_diagnostics
from lwtsyntax_lsp.document import Document
from lwtsyntax_lsp.documents import Documents
from lwtsyntax_lsp.protocol import EXPANSION_CHANGED, Protocol
from lwtsyntax_lsp.settings import Settings
from lwtsyntax_lsp.view import View, view
from lwtsyntax_lsp.worker import Priority, Worker

__all__ = ["LwtServer"]

T = TypeVar("T")


class LwtServer(LanguageServer):
    """The state of one connection."""

    def __init__(self) -> None:
        # Texts come whole: pygls takes the form feeds of a text for line ends when it applies an edit.
        super().__init__(
            "lwtsyntax",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            protocol_cls=Protocol,
            converter_factory=default_converter,
        )
        self.worker = Worker()
        self.documents = Documents(self.worker, self.publish)
        self.settings = Settings()
        self.dismissed = False  # the client has said that it will need nothing more

    @property
    def client_resolves_renames(self) -> bool:
        """Whether the client asks for the edits of an action when it is chosen, and renames files."""
        capabilities = self.client_capabilities
        document, workspace = capabilities.text_document, capabilities.workspace
        action = document.code_action if document else None
        resolved = action.resolve_support.properties if action and action.resolve_support else ()
        edit = workspace.workspace_edit if workspace else None
        kinds = (edit.resource_operations if edit else None) or ()
        return "edit" in resolved and types.ResourceOperationKind.Rename in kinds

    async def work(self, job: Callable[[], T], priority: Priority = Priority.ASKED) -> T:
        """What *job* gives, which is run where texts are read."""
        return await asyncio.wrap_future(self.worker.submit(job, priority))

    async def read(self, uri: str) -> View | None:
        """The present text of *uri*, or the last one whose markers could be found, when that is read."""
        document = await self.documents.read(uri)
        return None if document is None else view(document, document.readable)

    async def answer(self, uri: str, job: Callable[[View], T]) -> T | None:
        """What *job* makes of the text of *uri*; None where nothing of it could be read."""
        seen = await self.read(uri)
        return None if seen is None else await self.work(partial(job, seen))

    def apply(self, settings: Settings) -> None:
        """Go by *settings* from now on."""
        shown_anew = settings.strict != self.settings.strict
        self.settings = settings
        self.documents.debounce = settings.debounce / 1000
        if shown_anew:
            for document in self.documents:
                if document.current is not None:
                    self.publish(document)

    def publish(self, document: Document) -> None:
        """Show what has been found in the present text, and that its expansion may be another now."""
        snapshot = document.current
        assert snapshot is not None
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=document.uri,
                version=document.version,
                diagnostics=protocol_diagnostics(snapshot, strict=self.settings.strict),
            )
        )
        if document.followed:
            changed = {"uri": document.uri, "version": document.version}
            self.protocol.notify(EXPANSION_CHANGED, changed)
