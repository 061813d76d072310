"""The files under a directory, with what the system says of them while it lists them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["Folder", "prefix_of", "walk"]

# What a mirror leaves out, besides virtual environments: nothing here is source or needed to run it.
_SKIPPED_DIRECTORIES = frozenset(
    ("__pycache__", ".git", ".hg", ".svn", ".bzr", ".jj", "_darcs")
    + (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".tox", ".nox", ".venv")
)


@dataclass(slots=True)
class Folder:
    """One folder: the names of what lies in it."""

    path: str
    prefix: str  # what goes before a name in it
    files: list[str] = field(default_factory=list)  # neither sockets nor links to nowhere; sorted
    folders: list[str] = field(default_factory=list)  # sorted
    links: set[str] = field(default_factory=set)  # which of all these are links


def prefix_of(path: str) -> str:
    """*path* as the beginning of what lies in it, as ``pathlib`` writes that: without a ``./``."""
    return "" if path == os.curdir else os.path.join(path, "")


def walk(top: str, unreadable: Callable[[OSError], None]) -> Iterator[Folder]:
    """*top* and the folders under it, each before its own; through links to folders, but not in circles.

    *unreadable* is told of what cannot be listed.
    """
    seen: set[str] = set()
    waiting = [(top, os.path.realpath(top))]
    while waiting:
        path, real = waiting.pop()
        if real in seen:
            continue
        try:
            found = _listed(path)
        except OSError as error:
            unreadable(error)
            continue
        if "pyvenv.cfg" in found.files and path != top:
            continue
        seen.add(real)
        yield found
        for name in reversed(found.folders):
            below = found.prefix + name
            goal = os.path.realpath(below) if name in found.links else os.path.join(real, name)
            waiting.append((below, goal))


def _listed(path: str) -> Folder:
    folder = Folder(path, prefix_of(path))
    with os.scandir(path) as entries:
        for entry in entries:
            try:
                if entry.is_dir():
                    if entry.name in _SKIPPED_DIRECTORIES:
                        continue
                    folder.folders.append(entry.name)
                elif entry.is_file():
                    folder.files.append(entry.name)
                else:
                    continue
                if entry.is_symlink():
                    folder.links.add(entry.name)
            except (OSError, ValueError):  # a link to itself, say
                continue
    folder.files.sort()
    folder.folders.sort()
    return folder
