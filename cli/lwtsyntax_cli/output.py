"""Writing outputs: each appears whole or not at all, and never outside the place that was asked for."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax_cli.lowering import Job, file_problem

__all__ = ["current_output", "is_inside", "write_output"]


def current_output(target: str | Path) -> bytes | None:
    """What *target* holds now; None when it does not exist or cannot be read."""
    try:
        return Path(target).read_bytes()
    except OSError:
        return None


def write_output(job: Job, data: bytes, source_map: bytes | None = None) -> Diagnostic | None:
    """Write *data* to the job's target with the source's mode; the diagnostic when that fails.

    The source map comes first: an output never names one that is not there.
    """
    assert job.target is not None
    if source_map is not None:
        problem = _write(job, job.map_target, source_map, 0o666)  # nobody executes it
        if problem is not None:
            return problem
    return _write(job, job.target, data, 0o777)


def _write(job: Job, shown: str, data: bytes, modes: int) -> Diagnostic | None:
    target = Path(shown)
    try:
        if job.root is None:
            if target.exists() and not target.is_file():  # a device or a pipe: nothing to replace
                target.write_bytes(data)
                return None
            target = Path(os.path.realpath(target))
        elif not is_inside(target.parent, job.root):
            return file_problem(job.name, "cannot be written", f"{target} leads out of {job.root}")
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data, _mode(job.source, modes))
    except OSError as error:
        return file_problem(job.name, f"cannot be written to {shown}", error)
    return None


def is_inside(folder: str | Path, root: str) -> bool:
    """Whether *folder* leads to a place in *root*."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(root))


def _mode(source: str | None, modes: int) -> int | None:
    return None if source is None else stat.S_IMODE(os.stat(source).st_mode) & modes


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    """Write a file beside *target*, then put it in its place; an equal file is left untouched."""
    if _is_up_to_date(target, data, mode):
        return
    temporary = target.with_name(f".lwtsyntax-{os.urandom(6).hex()}.tmp")
    try:
        with open(temporary, "xb") as stream:
            stream.write(data)
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _is_up_to_date(target: Path, data: bytes, mode: int | None) -> bool:
    """Equal content and mode: leaving the file alone keeps its time, for make and for watchers."""
    if target.is_symlink() or current_output(target) != data:
        return False
    return mode is None or stat.S_IMODE(target.stat().st_mode) == mode
