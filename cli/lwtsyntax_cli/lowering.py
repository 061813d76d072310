"""Lowering one file: read it, hand it to the pipeline, and turn whatever goes wrong into diagnostics.

This module is what worker processes import, so it stays small; the pipeline loads on first use.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.importhook.loaders import may_be_lowered
from lwtsyntax_cli.beside import signed
from lwtsyntax_cli.stamps import Stamp, settled_stamp

if TYPE_CHECKING:
    from lwtsyntax.ir.modules import Fact
    from lwtsyntax.pipeline import Target, TransformResult

__all__ = [
    "Job",
    "Outcome",
    "crashed",
    "file_problem",
    "lower_bytes",
    "lower_file",
    "read_source",
]

_REPORT = "this is a bug in lwtsyntax: please report it together with the file"


@dataclass(slots=True)
class Job:
    """One file to handle: where it is read, and where its output goes when it is written."""

    name: str  # as diagnostics show it
    source: str | None  # None: standard input
    target: str | None = None
    root: str | None = None  # the directory given with -o, which the target must not leave
    lower: bool = True  # False: copied byte for byte
    format: bool = True
    to: Target = "binds"  # what the markers become
    helpers: str | None = (
        None  # where the output imports its helpers from, if not from this package
    )
    source_map: bool = False  # a source map goes beside the target
    beside: bool = False  # the target stands beside the source, and says that it came from it

    @property
    def map_target(self) -> str:
        """Where the source map goes, if there is one."""
        assert self.target is not None
        return f"{self.target}.map"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: *output* is None when it was refused."""

    source: bytes
    output: bytes | None
    diagnostics: tuple[Diagnostic, ...] = ()
    result: TransformResult | None = None
    source_map: bytes | None = None  # None: no map was asked for, or the output is the source
    facts: tuple[Fact, ...] = ()  # what it owes to other files
    stamp: Stamp | None = None  # of the source, from before it was read
    lasting: bool = True  # the same again says nothing that this one did not


def read_source(path: str, name: str) -> bytes | Outcome:
    """The file's bytes, or the outcome of a file that cannot be read."""
    try:
        with open(path, "rb", 0) as stream:
            return stream.read()
    except OSError as error:
        return Outcome(b"", None, (file_problem(name, "cannot be read", error),))


def _stamp(path: str) -> Stamp | None:
    try:
        return settled_stamp(os.stat(path))
    except OSError:
        return None


def lower_file(job: Job, trace: Callable[[str, str], None] | None = None) -> Outcome:
    """Read the job's file and lower it; never raises an ``Exception``.

    The outcome has no result with positions: it travels between processes.
    """
    assert job.source is not None
    stamp = _stamp(job.source)
    data = read_source(job.source, job.name)
    if isinstance(data, Outcome):
        return data
    if not job.lower or (trace is None and not may_be_lowered(data, job.name)):
        return Outcome(data, data, stamp=stamp)
    return replace(lower_bytes(data, job, trace), result=None, stamp=stamp)


def lower_bytes(data: bytes, job: Job, trace: Callable[[str, str], None] | None = None) -> Outcome:
    """Lower *data*; a failure of the pipeline itself becomes a diagnostic as well.

    What CPython has to warn of in the file, it says once, though the file is compiled several times.
    """
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        outcome = _lower(data, job, trace)
    if not recorded:
        return outcome
    from lwtsyntax.keywords import compile_as_written

    with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError, Refusal):
        compile_as_written(data, job.name)
    return replace(outcome, lasting=False)


def _lower(data: bytes, job: Job, trace: Callable[[str, str], None] | None) -> Outcome:
    from lwtsyntax.pipeline import HELPERS, transform_bytes

    try:
        output, result = transform_bytes(
            data,
            job.name,
            format=job.format,
            trace=trace,
            target=job.to,
            helpers=job.helpers or HELPERS,
        )
        if job.beside and output is not None:
            assert job.source is not None and result.text is not None
            bare, result = result.text, signed(result, Path(job.source))
            output += (result.text or "")[len(bare) :].encode(errors="surrogateescape")
        if job.source_map and output is not None and result.changed:
            output, source_map = _mapped(job, output, result)
            return Outcome(data, output, result.diagnostics, result, source_map, result.facts)
    except (RecursionError, MemoryError):
        hint = "split the expression, or move the inner blocks into functions"
        return Outcome(data, None, (_whole_file("LWT003", job.name, "nested too deeply", hint),))
    except Exception as error:  # noqa: BLE001 (one file's failure must not end the others)
        return Outcome(data, None, (_internal_error(job.name, error),))
    return Outcome(data, output, result.diagnostics, result, facts=result.facts)


def _mapped(job: Job, output: bytes, result: TransformResult) -> tuple[bytes, bytes]:
    """The output with a line that names its map, and the map."""
    from lwtsyntax.source_map import with_source_map

    assert job.target is not None and result.text is not None
    source, target = Path(job.source or job.name), Path(job.target)
    text, source_map = with_source_map(
        result,
        file=target.name,
        source=_url(source, target),
        url=quote(os.fsencode(os.path.basename(job.map_target))),
    )
    return output + text[len(result.text) :].encode(), source_map.encode()


def _url(source: Path, target: Path) -> str:
    """*source* as a URL relative to the folder of *target*, by way of no link to a folder."""
    if str(source) == "<stdin>":
        return "<stdin>"
    place = Path(os.path.realpath(source.parent), source.name)
    try:
        relative = os.path.relpath(place, os.path.realpath(target.parent))
    except ValueError:  # on another drive
        return place.as_uri()
    return quote(os.fsencode(relative.replace(os.sep, "/")))


def crashed(job: Job) -> Outcome:
    """The outcome of a file during whose lowering the worker process died."""
    message = "the process that lowered this file died"
    return Outcome(b"", None, (_whole_file("LWT099", job.name, message, _REPORT),))


def file_problem(name: str, what: str, error: OSError | str) -> Diagnostic:
    """The diagnostic for a file that could not be read or written."""
    reason = error if isinstance(error, str) else error.strerror or str(error)
    return _whole_file("LWT004", name, f"{what}: {reason}", "")


def _internal_error(name: str, error: Exception) -> Diagnostic:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
    return _whole_file("LWT099", name, f"{type(error).__name__}: {error} ({place})", _REPORT)


def _whole_file(code: str, name: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, message, name, 1, 1, 1, 1, hint=hint)
