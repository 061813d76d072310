"""What ``stat`` says of a file, as evidence that its content is what it was.

Mode, size, time, the time of the last change of any of these, and the file's number: who edits a file
and sets back its time still moves the others.  But two edits within one tick of the clock look the same
(git calls that "racy"), so a stamp is evidence only when it had come of age by the time it was taken.
"""

from __future__ import annotations

import os
from hashlib import sha256
from time import time_ns as now

__all__ = ["Changed", "Stamp", "content_hash", "settled_stamp", "vouch"]

Stamp = list[int]

_AGE = 2_000_000_000  # nanoseconds; the coarsest clock, FAT's, ticks every two seconds


class Changed(Exception):
    """A file is not what it was."""


def content_hash(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]


def settled_stamp(found: os.stat_result) -> Stamp | None:
    """The stamp of a file, if an edit from now on is sure to change it."""
    latest = max(found.st_mtime_ns, found.st_ctime_ns)
    return _stamp(found) if latest + _AGE < now() else None


def vouch(path: str, found: os.stat_result, known: Stamp | None, content: str) -> Stamp | None:
    """The stamp of a file that *content* is the hash of, by the *known* stamp or by reading it.

    Raises :class:`Changed` where it is not.
    """
    if known is not None and _stamp(found) == known:
        return known
    new = settled_stamp(found)
    with open(path, "rb") as stream:
        if content_hash(stream.read()) != content:
            raise Changed(path)
    return new


def _stamp(found: os.stat_result) -> Stamp:
    return [
        found.st_mode,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
        found.st_ino,
        found.st_dev,
    ]
