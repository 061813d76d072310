"""The server: which request is answered by what."""

from __future__ import annotations

import gc
import sys
from functools import partial
from typing import Any

from lsprotocol import types

from lwtsyntax_lsp import commands, configuring, syncing
from lwtsyntax_lsp.actions import KINDS, code_actions, resolve
from lwtsyntax_lsp.folding import folding_ranges
from lwtsyntax_lsp.hover import hover
from lwtsyntax_lsp.protocol import EXPANSION, ExpansionParams
from lwtsyntax_lsp.session import LwtServer
from lwtsyntax_lsp.tokens import LEGEND, semantic_tokens
from lwtsyntax_lsp.worker import Priority

__all__ = ["create_server", "serve"]

# Seconds after which the thread that works lets the event loop go on.  A message passes from thread to
# thread some ten times; with Python's 5 ms an answer of no work at all took 40 ms while a text was read.
_SWITCH_INTERVAL = 0.0005
_ALLOCATIONS = 100_000  # between two collections


async def _hover(ls: LwtServer, params: types.HoverParams) -> types.Hover | None:
    return await ls.answer(params.text_document.uri, partial(hover, position=params.position))


async def _tokens(ls: LwtServer, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    return await ls.answer(params.text_document.uri, semantic_tokens, tokens=True)


async def _some_tokens(
    ls: LwtServer, params: types.SemanticTokensRangeParams
) -> types.SemanticTokens | None:
    found = partial(semantic_tokens, within=params.range)
    return await ls.answer(params.text_document.uri, found, tokens=True)


async def _folding(
    ls: LwtServer, params: types.FoldingRangeParams
) -> list[types.FoldingRange] | None:
    return await ls.answer(params.text_document.uri, folding_ranges)


async def _actions(ls: LwtServer, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    document = await ls.documents.read(params.text_document.uri)
    if document is None or document.current is None:
        return None
    offered = partial(code_actions, document.current, document.uri, params)
    return await ls.work(partial(offered, may_rename=ls.client_resolves_renames))


async def _resolve(ls: LwtServer, action: types.CodeAction) -> types.CodeAction:
    data = action.data if isinstance(action.data, dict) else {}
    document, present = await commands.sound(ls, str(data.get("uri", "")))
    with commands.refusals_as_errors():
        return await ls.work(partial(resolve, present, document.version, action), Priority.LONG)


async def _expansion(ls: LwtServer, params: ExpansionParams) -> dict[str, Any] | None:
    return await commands.expansion(ls, params.text_document.uri, params.position, params.scope)


def _shut_down(ls: LwtServer, _: object) -> None:
    ls.dismissed = True


def create_server() -> LwtServer:
    """A server that has not been started."""
    server = LwtServer()
    feature = server.feature
    syncing.register(server)
    configuring.register(server)
    commands.register(server)
    feature(types.SHUTDOWN)(_shut_down)
    feature(EXPANSION)(_expansion)
    feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    feature(types.TEXT_DOCUMENT_FOLDING_RANGE)(_folding)
    feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, LEGEND)(_tokens)
    feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, LEGEND)(_some_tokens)
    feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(KINDS, resolve_provider=True))(
        _actions
    )
    feature(types.CODE_ACTION_RESOLVE)(_resolve)
    return server


def serve() -> None:
    """Answer on standard output what is asked on standard input, until the client says goodbye."""
    sys.setswitchinterval(_SWITCH_INTERVAL)
    # Trees are large and live long: by default the collector takes a third of the time that parsing does.
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    server = create_server()
    server.start_io()
    sys.exit(0 if server.dismissed else 1)
