"""Lowered code, run as a program."""

from __future__ import annotations

import builtins
import linecache
import os
import sys
import traceback
from types import CodeType, ModuleType, TracebackType

__all__ = ["run_as_main"]


def run_as_main(code: CodeType, filename: str, arguments: list[str], source: bytes) -> None:
    """Execute *code* as ``python FILE ARGUMENTS...`` would; an uncaught exception ends the process.

    *filename* ``"-"`` stands for standard input.
    """
    module = ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, __spec__=None, __annotations__={})
    if filename != "-":
        module.__file__ = os.path.abspath(filename)
        module.__dict__["__cached__"] = None
    else:  # tracebacks cannot read it again
        text = source.decode("utf-8-sig", "replace")
        lines = text.splitlines(keepends=True)
        linecache.cache[code.co_filename] = (len(source), None, lines, code.co_filename)
    sys.modules["__main__"] = module
    sys.argv = [filename, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = "" if filename == "-" else os.path.dirname(os.path.realpath(filename))
    try:
        exec(code, module.__dict__)  # noqa: S102 (running the user's program is the point)
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 (reported as the interpreter does)
        _report(error.with_traceback(_below(error.__traceback__, module.__dict__)))
        sys.exit(130 if isinstance(error, KeyboardInterrupt) else 1)


def _report(error: BaseException) -> None:
    """What the interpreter does; its own printer does not know the lines of standard input."""
    if sys.excepthook is sys.__excepthook__:
        traceback.print_exception(error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)


def _below(trace: TracebackType | None, program: dict[str, object]) -> TracebackType | None:
    """*trace* from the program's first frame on; the frames above it are this command's own."""
    while trace is not None and trace.tb_frame.f_globals is not program:
        trace = trace.tb_next
    return trace
