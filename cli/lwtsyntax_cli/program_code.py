"""The code of the program that ``lwtsyntax run FILE`` executes: lowered, or as an earlier run has kept it.

It is kept where the import hook keeps that of modules, but only where a later run would have nothing to
tell of the file: no warning, and no doubt that an edit would change its time.
"""

from __future__ import annotations

import os
import stat
import sys
import traceback
import warnings
from types import CodeType
from typing import Any, NoReturn

from lwtsyntax.importhook.loaders import LoweringLoader
from lwtsyntax.importhook.selecting import Engine
from lwtsyntax_cli.lowering import Job, Outcome, file_problem, lower_bytes
from lwtsyntax_cli.report import print_diagnostics
from lwtsyntax_cli.stamps import settled_stamp

__all__ = ["ProgramLoader", "lower_program"]


class ProgramLoader(LoweringLoader):
    """Finds the code of a file that is run as the program; a refusal is shown, and ends the process."""

    def __init__(self, file: str, engine: Engine, *, quiet: bool) -> None:
        super().__init__("__main__", os.path.abspath(file), engine)
        self.variant += "main"  # what an import keeps may have been warned of
        self.file = file
        self.quiet = quiet
        self._lasting = False

    def code(self) -> CodeType:
        try:
            found = self.get_code(self.name)
        except OSError as error:
            print_diagnostics([file_problem(self.file, "cannot be read", error)], "text")
            sys.exit(1)
        assert found is not None
        return found

    def source_to_code(  # type: ignore[override]
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> CodeType:
        found = os.lstat(self.path)  # of a link, as /dev/stdin is one, nothing is kept
        settled = stat.S_ISREG(found.st_mode) and settled_stamp(found) is not None
        code, outcome = lower_program(data, self.file, path, self.engine, quiet=self.quiet)
        self._lasting = settled and outcome.lasting and not outcome.diagnostics
        return code

    def set_data(self, path: str, data: Any, **options: Any) -> None:
        if self._lasting:
            super().set_data(path, data, **options)


def lower_program(
    data: bytes, name: str, shown: str, engine: Engine, *, quiet: bool
) -> tuple[CodeType, Outcome]:
    """The code of a source, which tracebacks show as the file *shown*, and what became of it."""
    from lwtsyntax.compiling import compile_result
    from lwtsyntax.importhook.lowering import TARGETS

    outcome = lower_bytes(data, Job(name, None, format=False, to=TARGETS[engine]))
    if outcome.diagnostics and not (quiet and outcome.output is not None):
        print_diagnostics(outcome.diagnostics, "text")
    if outcome.output is None:
        sys.exit(1)
    assert outcome.result is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # said already
        try:
            return compile_result(outcome.result, shown), outcome
        except (
            SyntaxError,
            ValueError,
        ) as error:  # a file without markers, which nobody has judged
            _refuse(error, data, name)


def _refuse(error: SyntaxError | ValueError, data: bytes, name: str) -> NoReturn:
    """Say what ``python`` would, and end the process."""
    from lwtsyntax.keywords import hint_at

    if isinstance(error, SyntaxError):
        hint = hint_at(data.decode("utf-8-sig", "replace"), name, error.lineno or 0)
        if hint:
            error.add_note(f"hint: {hint}")
    traceback.print_exception(error.with_traceback(None))
    sys.exit(1)
