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

_PATIENCE = 0.03  # seconds that an answer waits for the present text to be read


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

    @property
    def _refreshes_tokens(self) -> bool:
        workspace = self.client_capabilities.workspace
        tokens = workspace.semantic_tokens if workspace else None
        return bool(tokens and tokens.refresh_support)

    async def work(self, job: Callable[[], T], priority: Priority = Priority.ASKED) -> T:
        """What *job* gives, which is run where texts are read."""
        return await asyncio.wrap_future(self.worker.submit(job, priority))

    async def answer(self, uri: str, job: Callable[[View], T], *, tokens: bool = False) -> T | None:
        """What *job* makes of the text of *uri*; None where nothing of it could be read.

        Of an older one, if the present text is refused, or if reading it takes too long.  Who is given
        *tokens* of that will be asked to come again.
        """
        document = await self.documents.read(uri, _PATIENCE)
        seen = None if document is None else view(document, document.readable)
        if document is None or seen is None:
            return None
        if seen.hurried:  # the thread that reads is busy with the present text
            document.owes_tokens |= tokens
            return job(seen)
        return await self.work(partial(job, seen))

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
        if document.owes_tokens:
            document.owes_tokens = False
            if self._refreshes_tokens:
                self.workspace_semantic_tokens_refresh(None)
        if document.followed:
            changed = {"uri": document.uri, "version": document.version}
            self.protocol.notify(EXPANSION_CHANGED, changed)
