"""Lowered code as a program: compiled so that tracebacks name the lines the user wrote, and run."""

from __future__ import annotations

import ast
import builtins
import linecache
import os
import re
import sys
import traceback
from types import CodeType, ModuleType, TracebackType

from lwtsyntax_cli.lowering import Locate

__all__ = ["compile_program", "run_as_main"]


def compile_program(output: bytes, source: bytes, filename: str, locate: Locate | None) -> CodeType:
    """Compile *output*; with *locate*, its code bears the lines and columns of *source*."""
    if locate is None:
        return compile(output, filename, "exec", dont_inherit=True)
    tree = ast.parse(output, filename)
    _Relocation(_lines(output), _lines(source), locate).visit(tree)
    return compile(tree, filename, "exec", dont_inherit=True)


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


def _lines(data: bytes) -> list[str]:
    return re.split(r"\r\n|\r|\n", data.decode("utf-8-sig"))


class _Relocation(ast.NodeVisitor):
    """Moves every node of the output's tree to where it came from in the source."""

    def __init__(self, output: list[str], source: list[str], locate: Locate) -> None:
        self.output, self.source, self.locate = output, source, locate
        self.last_line = 1  # for generated nodes that came from nowhere in particular

    def visit(self, node: ast.AST) -> None:
        if hasattr(node, "lineno"):
            self._move(node)
        self.generic_visit(node)

    def _move(self, node: ast.AST) -> None:
        start = self._original(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        end = self._original(node.end_lineno, node.end_col_offset - 1)  # type: ignore[attr-defined]
        line = start[0] if start else self.last_line
        self.last_line = line
        text = self.source[line - 1]
        if start and end and end[0] == line and end[1] >= start[1]:
            first, last = start[1], end[1] + 1
        else:  # the whole line, under which tracebacks print no carets
            first, last = len(text) - len(text.lstrip()), len(text.rstrip())
        fields = ("lineno", line), ("end_lineno", line)
        columns = ("col_offset", text[:first]), ("end_col_offset", text[:last])
        for name, number in (*fields, *((name, len(part.encode())) for name, part in columns)):
            setattr(node, name, number)

    def _original(self, line: int, byte: int) -> tuple[int, int] | None:
        before = self.output[line - 1].encode()[: max(byte, 0)]
        return self.locate(line, len(before.decode(errors="ignore")))
