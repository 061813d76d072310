"""The files of the cache: where they are, what they are called, reading and writing them.

One file for each command line, as seen from its directory, and each version of everything that has a
say in the result.  It is replaced whole, so that runs at the same time never see half of one; each
leaves what it knows, and the last one's stays.  A file that is damaged is an empty one, a folder that
cannot be written to is no cache.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import time
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lwtsyntax.importhook.cache import PACKAGE, stamps
from lwtsyntax_cli.stamps import content_hash

__all__ = ["cache_folder", "cache_path", "load", "save"]

_HERE = os.path.dirname(os.path.abspath(__file__))
_DAY = 86_400
_KEPT = 30 * _DAY  # an unused file stays so long
_SUFFIX = ".cache"


def cache_folder() -> Path | None:
    """``LWTSYNTAX_CACHE_DIR``, or a folder under the user's own cache directory."""
    chosen = os.environ.get("LWTSYNTAX_CACHE_DIR")
    if chosen:
        return Path(chosen).absolute()
    from platformdirs import user_cache_path

    try:
        return user_cache_path("lwtsyntax", appauthor=False)
    except (OSError, RuntimeError):  # no home
        return None


def cache_path(command: Iterable[object]) -> Path | None:
    """The file for the command line that *command* describes; None where there is no cache."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        here = os.getcwd()
    except OSError:
        return None
    lines = [sys.version, *sys.path, *_versions(), here, *map(repr, command)]
    name = content_hash("\n".join(lines).encode(errors="surrogateescape"))
    return folder / f"{name}{_SUFFIX}"


def load(path: Path) -> dict[str, Any]:
    """The entries in the file at *path*; none where it is missing, or not whole."""
    try:
        data = path.read_bytes()
        checksum, _, content = data.partition(b"\n")
        if content_hash(content).encode() != checksum:
            return {}
        entries = marshal.loads(content)  # which is given nothing that is not whole
    except (OSError, ValueError, TypeError, EOFError):
        return {}
    return entries if isinstance(entries, dict) else {}


def save(path: Path, entries: dict[str, Any] | None) -> None:
    """Put *entries* into the file at *path*; None leaves them, and only says that they are in use."""
    with contextlib.suppress(OSError):
        if entries is None:
            if time.time() - path.stat().st_mtime > _DAY:
                os.utime(path)
            return
        content = marshal.dumps(entries)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _tidy(path.parent)
        _replace(path, content_hash(content).encode() + b"\n" + content)


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.stem}-{os.urandom(6).hex()}.tmp")
    try:
        with open(temporary, "xb") as stream:
            stream.write(data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _tidy(folder: Path) -> None:
    """Remove what no run has used for long, and what runs that were killed have left."""
    oldest = time.time() - _KEPT
    for entry in list(os.scandir(folder)):
        if entry.name.endswith((_SUFFIX, ".tmp")):
            with contextlib.suppress(OSError):
                if entry.stat().st_mtime < oldest:
                    os.unlink(entry.path)


def _versions() -> list[str]:
    """The files of everything that has a say: this package, the transformer, and black."""
    black = find_spec("black")
    folders = [_HERE, PACKAGE]
    if black is not None and black.origin is not None:
        folders.append(os.path.dirname(black.origin))
    return [line for folder in folders for line in stamps(folder)]
