"""The protocol's own part: our requests, and an answer to requests that cannot be read."""

from __future__ import annotations

from typing import Any, Literal

import attrs
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol

__all__ = ["EXPANSION", "EXPANSION_CHANGED", "ExpansionParams", "Protocol", "Scope"]

EXPANSION = "lwtsyntax/expansion"
EXPANSION_CHANGED = "lwtsyntax/expansionChanged"

Scope = Literal["function", "file"]


@attrs.define
class ExpansionParams:
    """What becomes of the function at *position*, or of the whole file."""

    text_document: types.TextDocumentIdentifier
    scope: Scope = "function"
    position: types.Position | None = None


@attrs.define
class ExpansionRequest:
    """The message of :data:`EXPANSION`."""

    id: int | str
    params: ExpansionParams
    method: str = EXPANSION
    jsonrpc: str = "2.0"


class Protocol(LanguageServerProtocol):
    """The language server protocol with :data:`EXPANSION`."""

    # pygls keeps what it has found in a cache around its own method.
    def get_message_type(self, method: str) -> type[Any] | None:  # type: ignore[override]
        return ExpansionRequest if method == EXPANSION else super().get_message_type(method)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message that *data* is.  A request that is none gets an answer: its sender waits for one."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise
