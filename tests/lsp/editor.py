"""An editor for tests: a client over stdio that remembers what the server tells."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient

COMMAND = [sys.executable, "-m", "lwtsyntax", "lsp", "--stdio"]
_NUMBERS = itertools.count()


class Editor(LanguageClient):
    """Opens texts and edits them; waits for what is published instead of sleeping."""

    def __init__(self) -> None:
        super().__init__(converter_factory=default_converter)
        self.published: list[types.PublishDiagnosticsParams] = []
        self.changed: list[tuple[str, int]] = []  # whose expansion is another now
        self.settings: dict[str, Any] = {}
        self.capabilities_of_server = types.ServerCapabilities()
        self.versions: dict[str, int] = {}
        self._news = asyncio.Event()

    def note(self) -> None:
        self._news.set()

    async def until(self, holds: Callable[[], Any]) -> Any:
        """What *holds* gives, as soon as that is true."""
        while not (found := holds()):
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 60)
        return found

    async def open(
        self, text: str, *, uri: str | None = None, language: str = "python", wait: bool = True
    ) -> str:
        uri = uri or f"file:///tmp/lwtsyntax-editor/{next(_NUMBERS)}.py"
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        if wait:
            await self.findings(uri)
        return uri

    def edit(self, uri: str, text: str) -> None:
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def findings(self, uri: str) -> list[types.Diagnostic]:
        """Those of the version that was sent last."""

        def latest() -> types.PublishDiagnosticsParams | None:
            wanted = (each for each in self.published if each.uri == uri)
            return next((each for each in wanted if each.version == self.versions[uri]), None)

        params: types.PublishDiagnosticsParams = await self.until(latest)
        return list(params.diagnostics)

    async def expansion(
        self, uri: str, scope: str = "function", position: tuple[int, int] | None = None
    ) -> Any:
        params: dict[str, Any] = {"textDocument": {"uri": uri}, "scope": scope}
        if position is not None:
            params["position"] = {"line": position[0], "character": position[1]}
        return await self.protocol.send_request_async("lwtsyntax/expansion", params)

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        document = types.TextDocumentIdentifier(uri)
        position = types.Position(line, character)
        found = await self.text_document_hover_async(types.HoverParams(document, position))
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def actions(
        self, uri: str, line: int, character: int, only: types.CodeActionKind | None = None
    ) -> list[types.CodeAction]:
        place = types.Position(line, character)
        context = types.CodeActionContext([], only=[only] if only else None)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), types.Range(place, place), context
        )
        found = await self.text_document_code_action_async(params)
        return [each for each in found or [] if isinstance(each, types.CodeAction)]

    async def command(self, name: str, *arguments: Any) -> Any:
        params = types.ExecuteCommandParams(name, list(arguments))
        return await self.workspace_execute_command_async(params)


def make_editor() -> Editor:
    editor = Editor()

    @editor.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(params: types.PublishDiagnosticsParams) -> None:
        editor.published.append(params)
        editor.note()

    @editor.feature("lwtsyntax/expansionChanged")
    def changed(params: Any) -> None:
        editor.changed.append((params.uri, params.version))
        editor.note()

    @editor.feature(types.WORKSPACE_CONFIGURATION)
    def configuration(params: types.ConfigurationParams) -> list[Any]:
        return [editor.settings.get(item.section or "") for item in params.items]

    @editor.feature(types.WINDOW_SHOW_MESSAGE)
    def show(params: types.ShowMessageParams) -> None:
        editor.messages.append(params)
        editor.note()

    @editor.feature(types.WINDOW_LOG_MESSAGE)
    def log(params: types.LogMessageParams) -> None:
        editor.log_messages.append(params)

    return editor


CONFIG = ClientServerConfig(server_command=COMMAND, client_factory=make_editor)


def initialization(
    root: Path | None = None,
    *,
    options: object = None,
    encodings: list[types.PositionEncodingKind | str] | None = None,
    configuration: bool = False,
) -> types.InitializeParams:
    """The first request of an editor."""
    edits = types.WorkspaceEditClientCapabilities(
        document_changes=True, resource_operations=[types.ResourceOperationKind.Rename]
    )
    actions = types.CodeActionClientCapabilities(
        resolve_support=types.ClientCodeActionResolveOptions(["edit"]), data_support=True
    )
    capabilities = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=encodings),
        text_document=types.TextDocumentClientCapabilities(code_action=actions),
        workspace=types.WorkspaceClientCapabilities(
            configuration=configuration, workspace_edit=edits
        ),
    )
    return types.InitializeParams(
        capabilities=capabilities,
        root_uri=root.as_uri() if root else None,
        initialization_options=options if options is not None else {"debounce": 10},
    )
