"""Where lowered code is kept: ``__pycache__/module.cpython-311.opt-lwtsyntax<digest>.pyc``.

Not in the file that the interpreter itself uses: ``pip install`` and ``python -m compileall`` write that one without the
transformer.  The digest stands for the transformer, as CPython stands for a source: by the time and size of its files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Set
from importlib.util import cache_from_source, source_hash

__all__ = ["PACKAGE", "cache_paths", "digest", "stamps"]

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_NO_PART = frozenset({"__pycache__", "explanations", "fiber", "runtime"})  # of the transformer
_OPTIONS = "format=False optimise=True"  # what `lowering` passes on

_digest: str | None = None


def cache_paths(source_path: str, variant: str = "") -> tuple[str, str] | None:
    """The interpreter's file for the code of a source, and ours; None where it keeps no code at all.

    Ours is named as PEP 488 has it, so that ``source_from_cache`` and all that goes through it know the
    source, and stands where ``PYTHONPYCACHEPREFIX`` says.
    """
    try:
        theirs = cache_from_source(source_path)
    except NotImplementedError:
        return None
    level = sys.flags.optimize
    stem = theirs.removesuffix(f".opt-{level}.pyc" if level else ".pyc")
    mark = f"{digest()}O{level}" if level else digest()
    return theirs, f"{stem}.opt-lwtsyntax{mark}{variant}.pyc"


def digest() -> str:
    """16 hexadecimal digits for the transformer as it is installed; computed once in a process."""
    global _digest
    if _digest is None:
        from lwtsyntax import __version__

        lines = [__version__, _OPTIONS, *stamps(PACKAGE, _NO_PART)]
        _digest = source_hash("\n".join(lines).encode()).hex()
    return _digest


def stamps(package: str, left_out: Set[str] = frozenset()) -> list[str]:
    """A line for each source file of the folder *package*, without folders of the names *left_out*."""
    return sorted(_describe(package, "", left_out))


def _describe(folder: str, inside: str, left_out: Set[str]) -> Iterator[str]:
    """Those below *folder*, which stands *inside* the package."""
    try:
        entries = list(os.scandir(folder))
    except OSError:  # in a zip archive
        yield _stamp("", os.stat(_archive(folder)))
        return
    for entry in entries:
        name = entry.name
        if name.endswith(".py"):
            yield _stamp(f"{inside}{name}", entry.stat())
        elif name not in left_out and entry.is_dir():
            yield from _describe(entry.path, f"{inside}{name}/", left_out)


def _stamp(name: str, found: os.stat_result) -> str:
    return f"{name} {int(found.st_mtime)} {found.st_size}"


def _archive(path: str) -> str:
    """The file that *path*, which is no directory, leads into."""
    while path and not os.path.exists(path):
        path = os.path.dirname(path)
    return path
