"""What is read when: the order of jobs, and versions that are never read."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import pytest
from lsprotocol import types
from lwtsyntax_lsp import snapshot
from lwtsyntax_lsp.document import Document
from lwtsyntax_lsp.documents import Documents
from lwtsyntax_lsp.hover import hover
from lwtsyntax_lsp.server import create_server
from lwtsyntax_lsp.tokens import semantic_tokens
from lwtsyntax_lsp.worker import Priority, Worker
from pygls.workspace import PositionCodec

URI = "untitled:one"


class Busy:
    """A worker that has something to do until it is released."""

    def __init__(self, worker: Worker | None = None) -> None:
        self.worker = worker or Worker()
        self._started, self._go_on = Event(), Event()
        self.worker.submit(self._block, Priority.ASKED)
        self._started.wait()

    def _block(self) -> None:
        self._started.set()
        self._go_on.wait()

    def release(self) -> None:
        self._go_on.set()


def test_the_most_urgent_job_goes_first() -> None:
    busy = Busy()
    done: list[str] = []

    def job(name: str) -> Callable[[], None]:
        return lambda: done.append(name)

    jobs = [
        busy.worker.submit(job(f"{priority.name} {number}"), priority)
        for number in (1, 2)
        for priority in reversed(Priority)
    ]
    busy.release()
    for each in jobs:
        each.result(60)
    assert done == [f"{priority.name} {number}" for priority in Priority for number in (1, 2)]


def test_a_cancelled_job_never_runs_and_a_failing_one_stops_nothing() -> None:
    busy = Busy()
    done: list[str] = []
    gone = busy.worker.submit(lambda: done.append("gone"), Priority.ASKED)
    failing = busy.worker.submit(lambda: 1 // 0, Priority.ASKED)
    last = busy.worker.submit(lambda: done.append("last"), Priority.ASKED)
    assert gone.cancel()
    busy.release()
    last.result(60)
    assert isinstance(failing.exception(60), ZeroDivisionError)
    assert done == ["last"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="counts such calls, and refuses at 10,000")
def test_the_thread_has_room_for_deep_texts() -> None:
    def deep(levels: int) -> int:
        return max(map(deep, [levels - 1])) + 1 if levels else 0

    def job() -> int:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(20_000)
        try:
            return deep(5_000)
        finally:
            sys.setrecursionlimit(limit)

    assert Worker().submit(job, Priority.ASKED).result(60) == 5_000


def test_a_client_that_counts_wrongly_gets_the_present_text() -> None:
    async def scenario() -> None:
        documents = Documents(Worker(), lambda document: None)
        documents.open(URI, "python", 7, "first")
        await documents.read(URI)
        documents.change(URI, 7, "second")
        document = await documents.read(URI)
        assert document is not None
        assert document.current is not None
        assert document.current.source.text == "second"

    asyncio.run(scenario())


def test_a_version_that_is_superseded_is_never_read() -> None:
    async def scenario() -> list[int]:
        busy = Busy()
        arrived: list[int] = []
        documents = Documents(busy.worker, lambda document: arrived.append(document.version))
        documents.debounce = 0
        documents.open(URI, "python", 1, "first")
        for version in range(2, 50):
            documents.change(URI, version, f"text {version}")
        busy.release()
        document = await documents.read(URI)
        assert isinstance(document, Document)
        assert document.current is not None
        assert document.current.source.text == "text 49"
        return arrived

    assert asyncio.run(scenario()) == [49]


def test_who_asks_does_not_wait_for_others() -> None:
    async def scenario() -> list[str]:
        busy = Busy()
        arrived: list[str] = []
        documents = Documents(busy.worker, lambda document: arrived.append(document.uri))
        for number in range(20):
            documents.open(f"untitled:{number}", "python", 1, "text")
        asked = asyncio.ensure_future(documents.read("untitled:17"))
        await asyncio.sleep(0)
        busy.release()
        await asked
        for number in range(20):
            await documents.read(f"untitled:{number}")
        return arrived

    arrived = asyncio.run(scenario())
    assert arrived[0] == "untitled:17"
    assert len(arrived) == 20


def test_who_asks_about_a_document_that_is_closed_meanwhile_gets_nothing() -> None:
    async def scenario() -> Document | None:
        busy = Busy()
        documents = Documents(busy.worker, lambda document: None)
        documents.open(URI, "python", 1, "text")
        asked = asyncio.ensure_future(documents.read(URI))
        await asyncio.sleep(0)
        documents.close(URI)
        busy.release()
        return await asked

    assert asyncio.run(scenario()) is None


def test_a_text_that_takes_long_to_read_is_answered_for_by_the_one_before() -> None:
    async def scenario() -> None:
        server = create_server()
        server.protocol.client_capabilities = types.ClientCapabilities()
        text = "from lwtsyntax import lwt\n\n\n@lwt\ndef f(get):\n    return lwt(get(1)) + 1\n"
        server.documents.open(URI, "python", 1, text)
        await server.documents.read(URI)
        busy = Busy(server.worker)
        server.documents.change(URI, 2, f"# 🐫\n{text}")
        said = await server.answer(URI, partial(hover, position=types.Position(6, 12)))
        assert said is not None
        assert said.range == types.Range(types.Position(6, 11), types.Position(6, 14))
        found = await server.answer(URI, semantic_tokens, tokens=True)
        assert found is not None
        assert list(found.data[:5]) == [4, 1, 3, 0, 0]
        document = await server.documents.read(URI, 0)
        assert document is not None
        assert document.owes_tokens
        busy.release()
        await server.documents.read(URI)
        assert not document.owes_tokens

    asyncio.run(scenario())


def test_a_text_that_makes_us_fail_gets_a_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str, filename: str, **options: Any) -> object:
        if text:
            raise KeyError("boom")
        return analyse(text, filename)

    analyse = snapshot.analyse
    monkeypatch.setattr(snapshot, "analyse", fail)
    taken = snapshot.take("text", "a.py", 1, PositionCodec(), snapshot.Memory())
    [found] = taken.diagnostics
    assert found.code == "LWT099"
    assert "KeyError: 'boom'" in found.message
    assert taken.refused
    assert not taken.readable
