"""Messages that are none, edits faster than they are read, requests that are taken back, many files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .editor import COMMAND, CONFIG, Editor, initialization

FUNCTION = """\


@lwt
def f{0}(get):
    for x in for_lwt(get({0})):
        try:
            lwt(get(x))
        except KeyError:
            break
"""
HEAD = "from lwtsyntax import for_lwt, lwt\n"


def text(functions: int) -> str:
    return HEAD + "".join(map(FUNCTION.format, range(functions)))


# -- messages -----------------------------------------------------------------------------------


class Wire:
    """The bytes between client and server."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self.process = process
        self.input, self.output = process.stdin, process.stdout

    def send(self, message: object) -> None:
        self.send_bytes(json.dumps(message).encode())

    def send_bytes(self, body: bytes) -> None:
        self.input.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def receive(self) -> dict[str, Any]:
        length = 0
        while (line := await self.output.readline()).strip():
            name, _, value = line.decode().partition(":")
            length = int(value) if name.lower() == "content-length" else length
        message: dict[str, Any] = json.loads(await self.output.readexactly(length))
        return message

    async def answer(self, id: int | str) -> dict[str, Any]:
        while (message := await self.receive()).get("id") != id:
            pass
        return message

    async def ask(self, id: int | str, method: str, params: object) -> dict[str, Any]:
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        return await self.answer(id)


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    found = Wire(process)
    try:
        yield found
    finally:
        found.input.close()
        await asyncio.wait_for(process.wait(), 60)


INITIALIZE = {"capabilities": {}, "processId": None, "rootUri": None}

NONSENSE: dict[str, bytes] = {
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "a list": b"[1, 2]",
    "a number": b"3",
    "an object": b"{}",
    "another version": b'{"jsonrpc": "1.0", "id": 7, "method": "shutdown"}',
    "a notification nobody knows": b'{"jsonrpc": "2.0", "method": "x/y", "params": {}}',
    "a notification with other parameters": b'{"jsonrpc": "2.0", "method": "textDocument/didOpen",'
    b' "params": {"x": 1}}',
    "a change of a file that is not open": b'{"jsonrpc": "2.0", "method": "textDocument/didChange",'
    b' "params": {"textDocument": {"uri": "untitled:x", "version": 3}, "contentChanges": []}}',
    "an answer nobody waits for": b'{"jsonrpc": "2.0", "id": 77, "result": null}',
    "a cancellation of nothing": b'{"jsonrpc": "2.0", "method": "$/cancelRequest",'
    b' "params": {"id": 999}}',
}


EXPANSION = "lwtsyntax/expansion"
BAD_REQUESTS: list[tuple[str, Any, int]] = [
    ("no/such", {}, -32601),
    ("textDocument/hover", {"x": 1}, -32602),
    ("textDocument/hover", None, -32602),
    (EXPANSION, {}, -32602),
    (EXPANSION, None, -32602),
    (EXPANSION, [1], -32602),
    (EXPANSION, {"textDocument": {"uri": "a:b"}, "scope": "other"}, -32602),
    (EXPANSION, {"textDocument": {"uri": "a:b"}, "scope": "function"}, -32602),
    ("workspace/executeCommand", {"command": "no.such"}, -32602),
    ("workspace/executeCommand", {"command": "lwtsyntax.expansion", "arguments": [1]}, -32602),
    ("workspace/executeCommand", {"command": "lwtsyntax.transform"}, -32602),
    ("workspace/executeCommand", {"command": "lwtsyntax.transform", "arguments": ["a:b"]}, -32602),
    ("workspace/executeCommand", {"command": "lwtsyntax.convertSpelling"}, -32602),
    ("codeAction/resolve", {"title": "Convert"}, -32602),
]


async def test_a_request_that_is_none_gets_an_error() -> None:
    async with wire() as server:
        await server.ask(0, "initialize", INITIALIZE)
        for number, (method, params, code) in enumerate(BAD_REQUESTS):
            answer = await server.ask(f"bad {number}", method, params)
            assert answer["error"]["code"] == code, (method, params, answer)
        assert (await server.ask("good", "shutdown", None))["result"] is None


async def test_nonsense_is_survived() -> None:
    async with wire() as server:
        await server.ask(0, "initialize", INITIALIZE)
        for number, body in enumerate(NONSENSE.values()):
            server.send_bytes(body)
            item = {
                "uri": f"untitled:{number}",
                "languageId": "python",
                "version": 1,
                "text": text(1),
            }
            opened = {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {}}
            server.send({**opened, "params": {"textDocument": item}})
            asked = {"textDocument": {"uri": f"untitled:{number}"}, "scope": "file"}
            answer = await server.ask(number + 1, EXPANSION, asked)
            assert "Lwt.for_each" in answer["result"]["text"], list(NONSENSE)[number]
        server.input.write(b"no header\r\nContent-Length: x\r\n\r\n\r\n")
        assert (await server.ask("end", "shutdown", None))["result"] is None


async def test_requests_before_the_first_one_are_errors() -> None:
    async with wire() as server:
        position = {"line": 0, "character": 0}
        asked = {"textDocument": {"uri": "a:b"}, "position": position}
        answer = await server.ask(1, "textDocument/hover", asked)
        assert answer.get("result") is None
        assert "capabilities" in (await server.ask(2, "initialize", INITIALIZE))["result"]


@pytest.mark.parametrize(("shut_down", "code"), [(True, 0), (False, 1)])
async def test_it_ends_when_it_is_told_to(shut_down: bool, code: int) -> None:
    async with wire() as server:
        await server.ask(0, "initialize", INITIALIZE)
        if shut_down:
            await server.ask(1, "shutdown", None)
        server.send({"jsonrpc": "2.0", "method": "exit"})
        assert await asyncio.wait_for(server.process.wait(), 60) == code


async def test_it_ends_with_its_client() -> None:
    async with wire() as server:
        await server.ask(0, "initialize", INITIALIZE)
        item = {"uri": "untitled:1", "languageId": "python", "version": 1, "text": text(300)}
        opened = {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {}}
        server.send({**opened, "params": {"textDocument": item}})
    assert server.process.returncode is not None


# -- edits --------------------------------------------------------------------------------------


async def test_edits_faster_than_they_are_read(editor: Editor) -> None:
    source = text(40)
    uri = await editor.open(source)
    before = len(editor.published)
    for end in range(len(source) - 200, len(source) + 1):
        editor.edit(uri, source[:end])
    assert await editor.findings(uri) == []
    versions = [each.version for each in editor.published[before:] if each.uri == uri]
    assert versions == sorted(versions)
    assert len(versions) < 200
    assert versions[-1] == 202
    assert await editor.hover(uri, 3, 2) is not None


async def test_each_question_is_answered_from_the_text_before_it(editor: Editor) -> None:
    uri = await editor.open(text(2))
    asked: list[Awaitable[Any]] = []
    for number in range(20):
        editor.edit(uri, "\n" * number + text(2))
        asked.append(asyncio.ensure_future(editor.expansion(uri, "function", (4 + number, 0))))
    answers = await asyncio.gather(*asked)
    last = answers[-1]
    assert last.version == editor.versions[uri]
    assert last.sourceRange.start.line == 3 + 19


async def test_a_file_that_is_closed_and_opened_again(editor: Editor) -> None:
    uri = await editor.open(text(1))
    for _ in range(5):
        document = types.TextDocumentIdentifier(uri)
        editor.text_document_did_close(types.DidCloseTextDocumentParams(document))
        await editor.open(text(2), uri=uri, wait=False)
    assert await editor.hover(uri, 3, 2) is not None


# -- cancellation -------------------------------------------------------------------------------


async def test_a_request_that_is_taken_back(editor: Editor) -> None:
    uri = await editor.open(text(400))
    asked = {"textDocument": {"uri": uri}, "scope": "file"}
    request = editor.protocol.send_request("lwtsyntax/expansion", asked, msg_id="long")
    editor.cancel_request(types.CancelParams("long"))
    with pytest.raises(JsonRpcException) as caught:
        await asyncio.wrap_future(request)
    assert caught.value.code == types.LSPErrorCodes.RequestCancelled
    assert await editor.hover(uri, 3, 2) is not None
    whole = await editor.expansion(uri, "file")
    assert whole.text.count("def f") == 400


async def test_an_edit_ends_a_long_answer_and_the_next_is_of_the_new_text(editor: Editor) -> None:
    uri = await editor.open(text(100))
    asked = asyncio.ensure_future(editor.expansion(uri, "file"))
    await asyncio.sleep(0)
    editor.edit(uri, text(3))
    answer = await asked
    assert (answer.version, answer.text.count("def f")) in [(1, 100), (2, 3)]
    answer = await editor.expansion(uri, "file")
    assert (answer.version, answer.text.count("def f")) == (2, 3)


# -- many files ---------------------------------------------------------------------------------


async def test_two_hundred_files(editor: Editor) -> None:
    uris = [await editor.open(text(3) + f"# {n}\n", wait=False) for n in range(200)]
    assert await editor.hover(uris[-1], 3, 2) is not None
    for uri in uris:
        assert await editor.findings(uri) == []
    for uri in uris[::20]:
        editor.edit(uri, text(3).replace("@lwt\n", "", 1))
    for uri in uris[::20]:
        assert [each.code for each in await editor.findings(uri)] == ["LWT010"] * 2


# -- settings -----------------------------------------------------------------------------------


FORGOTTEN = text(1) + "    f0(get)\n    lwt(get(1))\n"


async def test_settings(editor: Editor) -> None:
    uri = await editor.open(FORGOTTEN)
    [first, *_] = await editor.findings(uri)
    assert first.severity == types.DiagnosticSeverity.Warning
    for strict, severity in [
        (True, types.DiagnosticSeverity.Error),
        (False, types.DiagnosticSeverity.Warning),
    ]:
        before = len(editor.published)
        settings = {"lwtsyntax": {"strict": strict, "debounce": 10}}
        changed = types.DidChangeConfigurationParams(settings)
        editor.workspace_did_change_configuration(changed)
        await editor.until(lambda before=before: severities(editor, uri, before))
        assert severities(editor, uri, before) == {severity}


def severities(editor: Editor, uri: str, since: int = 0) -> set[object]:
    """Those that were shown *since*."""
    shown = [each for each in editor.published[since:] if each.uri == uri]
    return {found.severity for each in shown for found in each.diagnostics}


async def test_settings_that_are_asked_for() -> None:
    client = await CONFIG.start()
    assert isinstance(client, Editor)
    client.settings["lwtsyntax"] = {"strict": True}
    await client.initialize_session(initialization(configuration=True))
    uri = await client.open(FORGOTTEN)
    await client.until(lambda: severities(client, uri) >= {types.DiagnosticSeverity.Error})
    await client.shutdown_session()
    await client.stop()
