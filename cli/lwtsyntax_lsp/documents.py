"""The open documents, and when each is read.

A text is read when its user pauses, or as soon as somebody asks about it; a text that has been
superseded before its turn is never read.  Everything here runs on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial

from pygls.workspace import PositionCodec

from lwtsyntax.ir.modules import Facts
from lwtsyntax_lsp.document import Document, Pending
from lwtsyntax_lsp.snapshot import take
from lwtsyntax_lsp.worker import Priority, Worker

__all__ = ["Documents"]


class Documents:
    """*arrived* is called with a document when its present text has been read."""

    def __init__(self, worker: Worker, arrived: Callable[[Document], None]) -> None:
        self.worker = worker
        self.arrived = arrived
        self.codec = PositionCodec()
        self.debounce = 0.15  # seconds
        self._open: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(list(self._open.values()))

    def open(self, uri: str, language: str, version: int, text: str) -> None:
        self.close(uri)  # some clients open twice
        document = self._open[uri] = Document(uri, language, version, text)
        self._read(document, Priority.OPENED)

    def change(self, uri: str, version: int, text: str) -> None:
        document = self._open.get(uri)
        if document is None:
            return
        document.stop()
        document.change(version, text)
        read = partial(self._read, document, Priority.EDITED)
        document.timer = asyncio.get_running_loop().call_later(self.debounce, read)

    def close(self, uri: str) -> None:
        document = self._open.pop(uri, None)
        if document is not None:
            document.closed = True
            document.stop()
            document.wake()

    async def read(self, uri: str, patience: float | None = None) -> Document | None:
        """The document, when its present text has been read; None where it is not open.

        After *patience*, in seconds, without that text if there is an older one whose markers are known.
        """
        document = self._open.get(uri)
        loop = asyncio.get_running_loop()
        end = None if patience is None else loop.time() + patience
        while document is not None and document.current is None:
            if document.closed:
                return None
            self._read(document, Priority.ASKED)
            waiter: asyncio.Future[None] = loop.create_future()
            document.waiters.append(waiter)
            older = document.readable is not None
            timeout = max(0.0, end - loop.time()) if end is not None and older else None
            done, _ = await asyncio.wait([waiter], timeout=timeout)
            if not done:
                break
        return document

    async def recheck(self) -> None:
        """A file has been saved: read again what owes something to a file that has changed."""
        for document in self:
            snapshot = document.newest
            if snapshot is None or not snapshot.found.facts:
                continue
            hold = partial(Facts().hold, snapshot.found.facts)
            if await asyncio.wrap_future(self.worker.submit(hold, Priority.LONG)):
                continue
            if document.newest is snapshot and not document.closed:
                document.newest = None
                self._read(document, Priority.LONG)

    def _read(self, document: Document, priority: Priority) -> None:
        if document.timer is not None:
            document.timer.cancel()
            document.timer = None
        pending = document.pending
        if pending is not None and pending.revision == document.revision:
            if priority >= pending.priority or not pending.job.cancel():
                return
        elif pending is not None:
            pending.job.cancel()
        text, revision = document.text, document.revision
        read = partial(take, text, document.filename, revision, self.codec, document.memory)
        job = self.worker.submit(read, priority)
        document.pending = pending = Pending(revision, priority, job)
        loop = asyncio.get_running_loop()
        finish = partial(self._finish, document, pending)
        job.add_done_callback(lambda job: _call_soon(loop, finish))

    def _finish(self, document: Document, pending: Pending) -> None:
        if document.pending is pending:
            document.pending = None
        if pending.job.cancelled() or document.closed:
            return
        document.learn(pending.job.result())
        document.wake()
        if document.current is not None:
            self.arrived(document)


def _call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(callback)
