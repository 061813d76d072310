"""One open document: its present text, and what is known of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, field

from pygls.uris import to_fs_path
from pygls.workspace import PositionCodec

from lwtsyntax.analysing import Source
from lwtsyntax_lsp.places import Places
from lwtsyntax_lsp.shift import Edit
from lwtsyntax_lsp.snapshot import Memory, Snapshot
from lwtsyntax_lsp.worker import Priority

__all__ = ["Document", "Pending"]


@dataclass(frozen=True, slots=True)
class Pending:
    """A text that is being read, or will be."""

    revision: int
    priority: Priority
    job: Future[Snapshot]


@dataclass(eq=False)
class Document:
    """The event loop alone looks at it and changes it."""

    uri: str
    language: str
    version: int  # the client's number for the text
    text: str
    revision: int = 0  # ours, which no client counts wrongly
    newest: Snapshot | None = None
    readable: Snapshot | None = None  # the newest whose markers are known
    sound: Snapshot | None = None  # the newest that has not been refused
    followed: bool = False  # somebody looks at its expansion
    owes_tokens: bool = False  # somebody was given those of an older text
    closed: bool = False
    pending: Pending | None = None
    timer: asyncio.TimerHandle | None = None
    memory: Memory = field(default_factory=Memory)
    edits: list[tuple[int, Edit]] = field(default_factory=list)  # the revision that each has made
    waiters: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def filename(self) -> str:
        """Its path; what has none, since it was never saved, is called after its language."""
        path = to_fs_path(self.uri) if self.uri.startswith("file:") else None
        if path is not None:
            return path
        return "<unsaved>.lwt" if self.language == "lwt" else "<unsaved>"

    @property
    def current(self) -> Snapshot | None:
        """What is known of the present text."""
        newest = self.newest
        return newest if newest is not None and newest.revision == self.revision else None

    def places(self, codec: PositionCodec) -> Places:
        """Those of the present text, read or not."""
        if self.current is not None:
            return self.current.places
        return Places(Source(self.text, self.filename), codec)

    def change(self, version: int, text: str) -> None:
        self.revision += 1
        self.edits.append((self.revision, Edit.between(self.text, text)))
        self.version, self.text = version, text

    def edits_since(self, revision: int) -> list[Edit]:
        return [edit for made, edit in self.edits if made > revision]

    def learn(self, snapshot: Snapshot) -> None:
        """*snapshot* has been taken."""
        if self.newest is not None and self.newest.revision > snapshot.revision:
            return
        self.newest = snapshot
        if snapshot.readable or not snapshot.refused:
            self.readable = snapshot
        if not snapshot.refused:
            self.sound = snapshot
        known = [each.revision for each in (self.readable, self.sound) if each is not None]
        oldest = min(known, default=snapshot.revision)
        self.edits = [each for each in self.edits if each[0] > oldest]

    def wake(self) -> None:
        """Tell those who wait for a snapshot to look again."""
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def stop(self) -> None:
        """What has been planned is not done."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        if self.pending is not None:
            self.pending.job.cancel()
