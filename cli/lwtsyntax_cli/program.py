"""Lowered code, run as a program: a file, or a module that the import hook lowers."""

from __future__ import annotations

import builtins
import linecache
import os
import runpy
import sys
import traceback
from collections.abc import Callable
from types import CodeType, ModuleType, TracebackType

__all__ = ["run_as_main", "run_module_as_main"]


def run_as_main(code: CodeType, filename: str, arguments: list[str], source: bytes) -> None:
    """Execute *code* as ``python FILE ARGUMENTS...`` would; an uncaught exception ends the process.

    *filename* ``"-"`` stands for standard input.
    """
    module = _new_main()
    module.__dict__["__spec__"] = None
    if filename != "-":
        module.__file__ = os.path.abspath(filename)
        module.__dict__["__cached__"] = None
    else:  # tracebacks cannot read it again
        text = source.decode("utf-8-sig", "replace")
        lines = text.splitlines(keepends=True)
        linecache.cache[code.co_filename] = (len(source), None, lines, code.co_filename)
    sys.argv = [filename, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = "" if filename == "-" else os.path.dirname(os.path.realpath(filename))
    _execute(lambda: exec(code, module.__dict__), module)  # noqa: S102 (the user's program)


def run_module_as_main(name: str, arguments: list[str]) -> None:
    """Execute the module *name* as ``python -m NAME ARGUMENTS...`` would; see :func:`run_as_main`."""
    module = _new_main()
    sys.argv = ["-m", *arguments]  # runpy puts the module's file in place of the first
    if not sys.flags.safe_path:
        sys.path[0] = os.getcwd()
    # what the interpreter itself calls for -m
    _execute(lambda: runpy._run_module_as_main(name), module)  # type: ignore[attr-defined]


def _new_main() -> ModuleType:
    module = sys.modules["__main__"] = ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, __annotations__={})
    return module


def _execute(program: Callable[[], object], main: ModuleType) -> None:
    """Run it; an uncaught exception is shown from the program's first frame on, and ends the process."""
    try:
        program()
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 (reported as the interpreter does)
        _report(error.with_traceback(_below(error.__traceback__, main.__dict__)))
        sys.exit(130 if isinstance(error, KeyboardInterrupt) else 1)


def _report(error: BaseException) -> None:
    """What the interpreter does; its own printer does not know the lines of standard input."""
    if sys.excepthook is sys.__excepthook__:
        traceback.print_exception(error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)


def _below(trace: TracebackType | None, program: dict[str, object]) -> TracebackType | None:
    """*trace* from the program's first frame on; the frames above it are this command's own.

    A module that cannot even be found or compiled has none; then it is from runpy's on.
    """
    found = trace
    while found is not None and found.tb_frame.f_globals is not program:
        found = found.tb_next
    if found is not None:
        return found
    while trace is not None and trace.tb_frame.f_globals is not runpy.__dict__:
        trace = trace.tb_next
    return trace
