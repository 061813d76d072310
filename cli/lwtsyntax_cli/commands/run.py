"""``lwtsyntax run FILE``: lower a program and execute it, as ``python FILE`` would."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from lwtsyntax.compiling import compile_result
from lwtsyntax_cli.lowering import Job, Outcome, lower_bytes, read_source
from lwtsyntax_cli.program import run_as_main
from lwtsyntax_cli.report import print_diagnostics

__all__ = ["run"]


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("-q", "--quiet", is_flag=True, help="No warnings.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
def run(file: str, arguments: tuple[str, ...], quiet: bool) -> None:
    """Lower FILE ('-' for standard input) and execute it with ARGS, as python FILE ARGS would.

    Tracebacks show the lines of FILE. The program starts the main loop itself, with Lwt.run.
    A file that cannot be lowered is not executed; the exit status is 1. Options of this command stand
    before FILE.
    """
    outcome = _lower(file)
    if outcome.diagnostics and not (quiet and outcome.output is not None):
        print_diagnostics(outcome.diagnostics, "text")
    if outcome.output is None:
        sys.exit(1)
    shown = "<stdin>" if file == "-" else os.path.abspath(file)  # as python shows it
    assert outcome.result is not None
    code = compile_result(outcome.result, shown)
    run_as_main(code, file, list(arguments), outcome.source)


def _lower(file: str) -> Outcome:
    if file == "-":
        job = Job("<stdin>", None, format=False)
        return lower_bytes(sys.stdin.buffer.read(), job)
    data = read_source(Path(file), file)
    if isinstance(data, Outcome):
        return data
    return lower_bytes(data, Job(file, Path(file), format=False))
