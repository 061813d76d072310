"""What the last run of a command found out, so that the next one does only what has changed since.

An entry never holds an output.  It says of which bytes the output was made, with which result, and
what the output must look like: where source and output are as they were, nothing is to be done, and
anything else is lowered anew.  So an entry that is lost, or from a run that was overtaken, costs time only.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.ir.modules import Facts
from lwtsyntax_cli.cache_file import load, save
from lwtsyntax_cli.lowering import Job, Outcome
from lwtsyntax_cli.output import is_inside
from lwtsyntax_cli.stamps import Changed, Stamp, content_hash, vouch

__all__ = ["Cache", "Recalled"]

# What these say may be otherwise the next time: no memory left, no permission, a bug of ours.
_PASSING = {"LWT003", "LWT004", "LWT099"}


@dataclass(frozen=True, slots=True)
class Recalled:
    """What became of a job when nothing has changed since."""

    diagnostics: tuple[Diagnostic, ...]
    refused: bool
    differs: bool  # is the output another text than the source?
    mapped: bool  # is there a source map?


@dataclass(slots=True)
class _Entry:
    """Hashes of what was read and made, and the stamps that vouch for them (None: read the file)."""

    source_hash: str
    output_hash: str | None  # None: refused
    map_hash: str | None
    diagnostics: list[list[Any]]  # without the file's name
    facts: list[list[Any]]
    source_stamp: Stamp | None
    target_stamp: Stamp | None = None
    map_stamp: Stamp | None = None

    @property
    def stamps(self) -> list[Stamp | None]:
        return [self.source_stamp, self.target_stamp, self.map_stamp]


_STAMPS = 3  # that many columns of a row, the last ones


class Cache:
    """The entries of one command line; *path* is where they are kept, None for nowhere."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, list[Any]] = load(path) if path is not None else {}
        self._kept: dict[str, list[Any]] = {}
        self._changed = False
        self._facts = Facts()
        self._inside: dict[str, bool] = {}

    def recall(self, job: Job) -> Recalled | None:
        """What became of *job*; None when it has to be done."""
        key = _key(job)
        row = self._known.get(key)
        if row is None or job.source is None:
            return None
        try:
            entry = _Entry(*row)
            recalled = self._recall(job, entry)
        except (Changed, OSError, TypeError, ValueError, KeyError):
            return None  # what is gone is not as it was; nor is an entry that makes no sense
        stamps = entry.stamps
        if stamps != row[-_STAMPS:]:
            row = [*row[:-_STAMPS], *stamps]
            self._changed = True
        self._kept[key] = row
        return recalled

    def record(self, job: Job, outcome: Outcome) -> None:
        """Keep what became of *job*, whose output stands where it belongs."""
        codes = {each.code for each in outcome.diagnostics}
        if self._path is None or job.source is None or not outcome.lasting or codes & _PASSING:
            return
        self._kept[_key(job)] = [
            content_hash(outcome.source),
            None if outcome.output is None else content_hash(outcome.output),
            None if outcome.source_map is None else content_hash(outcome.source_map),
            [_row(each) for each in outcome.diagnostics],
            outcome.facts,
            outcome.stamp,
            *[None] * (_STAMPS - 1),
        ]
        self._changed = True

    def close(self) -> None:
        """Keep what this run knows for the next one."""
        if self._path is not None:
            gone = len(self._kept) < len(self._known)
            save(self._path, self._kept if self._changed or gone else None)

    def _recall(self, job: Job, entry: _Entry) -> Recalled:
        assert job.source is not None
        found = os.stat(job.source)
        entry.source_stamp = vouch(job.source, found, entry.source_stamp, entry.source_hash)
        if entry.facts and not self._facts.hold(entry.facts):
            raise Changed(job.source)
        if entry.output_hash is not None and job.target is not None:
            self._check_outputs(job, entry, stat.S_IMODE(found.st_mode))
        diagnostics = tuple(
            Diagnostic(code, message, job.name, *place)
            for code, message, *place in entry.diagnostics
        )
        refused = entry.output_hash is None
        differs = not refused and entry.output_hash != entry.source_hash
        return Recalled(diagnostics, refused, differs, entry.map_hash is not None)

    def _check_outputs(self, job: Job, entry: _Entry, mode: int) -> None:
        """Raises :class:`Changed` unless the output, and its map, are there and what they should be."""
        assert job.target is not None and entry.output_hash is not None
        folder = os.path.dirname(job.target)
        if job.root is not None and folder not in self._inside:
            self._inside[folder] = is_inside(folder, job.root)
        if not self._inside.get(folder, True):
            raise Changed(folder)
        modes, content = mode & 0o777, entry.output_hash
        entry.target_stamp = _vouch_output(job.target, modes, entry.target_stamp, content)
        if entry.map_hash is not None:
            modes, content = mode & 0o666, entry.map_hash
            entry.map_stamp = _vouch_output(job.map_target, modes, entry.map_stamp, content)


def _vouch_output(name: str, mode: int, known: Stamp | None, content: str) -> Stamp | None:
    found = os.lstat(name)
    if found.st_mode != stat.S_IFREG | mode:  # a link, or with other permissions
        raise Changed(name)
    return vouch(name, found, known, content)


def _key(job: Job) -> str:
    return f"{job.name}\0{job.target or ''}"


def _row(each: Diagnostic) -> list[Any]:
    place = [each.line, each.column, each.end_line, each.end_column]
    return [each.code, each.message, *place, each.source_line, each.hint]
