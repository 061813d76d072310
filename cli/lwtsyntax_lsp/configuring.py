"""The settings: sent with the first request, told when they change, or asked for."""

from __future__ import annotations

from lsprotocol import types

from lwtsyntax_lsp.session import LwtServer
from lwtsyntax_lsp.settings import SECTION, Settings

__all__ = ["register"]


def _initialize(ls: LwtServer, params: types.InitializeParams) -> None:
    ls.documents.codec = ls.workspace.position_codec
    ls.apply(Settings.read(params.initialization_options))


async def _initialized(ls: LwtServer, params: types.InitializedParams) -> None:
    await _ask(ls)


async def _changed(ls: LwtServer, params: types.DidChangeConfigurationParams) -> None:
    if not await _ask(ls):
        ls.apply(Settings.read(params.settings))


async def _ask(ls: LwtServer) -> bool:
    """Ask the client for our settings; False where it does not answer such questions."""
    workspace = ls.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False
    items = [types.ConfigurationItem(section=SECTION)]
    answer = await ls.workspace_configuration_async(types.ConfigurationParams(items))
    if answer and answer[0] is not None:
        ls.apply(Settings.read(answer[0]))
    return True


def register(server: LwtServer) -> None:
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_changed)
