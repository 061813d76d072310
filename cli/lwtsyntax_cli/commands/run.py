"""``lwtsyntax run FILE`` and ``run -m MODULE``: execute a direct-style program, as ``python`` would."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from types import CodeType

import click

from lwtsyntax.importhook.errors import TransformWarning
from lwtsyntax.importhook.installing import install
from lwtsyntax.importhook.selecting import ENGINES, Engine, can_be_lowered
from lwtsyntax.importhook.settings import project_packages
from lwtsyntax_cli.children import equip_children
from lwtsyntax_cli.program import run_as_main, run_module_as_main
from lwtsyntax_cli.program_code import ProgramLoader, lower_program

__all__ = ["run"]

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("-m", "module", is_flag=True, help="Run a module, as python -m does.")
@click.option(
    "--packages",
    metavar="NAME,...",
    help="Lower the modules of these packages only, when the program imports them.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="binds",
    show_default=True,
    help="What runs the markers: bind chains, or fibers (needs greenlet).",
)
@click.option("-q", "--quiet", is_flag=True, help="No warnings.")
@click.option(
    "--stdin-filename", default="<stdin>", help="The name of '-'; .lwt means keyword spelling."
)
@click.argument("program", metavar="FILE|MODULE")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
@click.pass_context
def run(
    context: click.Context,
    program: str,
    arguments: tuple[str, ...],
    module: bool,
    packages: str | None,
    engine: Engine,
    quiet: bool,
    stdin_filename: str,
) -> None:
    """Lower FILE ('-' for standard input) and execute it with ARGS, as python FILE ARGS would.

    Modules that it imports are lowered too, and kept under __pycache__: those of the packages named by
    --packages, or else by [tool.lwtsyntax] in pyproject.toml, or else all that are not installed.

    Tracebacks show the lines of FILE, standard input under its --stdin-filename. The program starts the main loop itself, with Lwt.run.
    A file that cannot be lowered is not executed; the exit status is 1. Options of this command stand
    before FILE.
    """
    if not module:
        _FILE.convert(program, None, context)
    if quiet:
        warnings.simplefilter("ignore", TransformWarning)
    start = Path() if module or program == "-" else Path(program)
    _install_hook(packages, start, program if module else None, engine)
    if module:
        run_module_as_main(program, list(arguments))
    else:
        code, source = _code(program, stdin_filename, engine, quiet)
        run_as_main(code, program, list(arguments), source)


def _install_hook(packages: str | None, start: Path, module: str | None, engine: Engine) -> None:
    """Have imports lowered until the process ends, and in the processes that it spawns.

    *module*: the program itself, which is lowered whatever packages are named.
    """
    try:
        names = project_packages(start) if packages is None else packages.split(",")
        if names is not None and module is not None and can_be_lowered(module):
            names = [*names, module]
        install(names, engine=engine)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except ModuleNotFoundError as error:  # greenlet
        raise click.ClickException(str(error)) from None
    equip_children(names, engine)


def _code(file: str, name: str, engine: Engine, quiet: bool) -> tuple[CodeType, bytes]:
    """The program's code, and the text of one that comes from standard input."""
    if file != "-":
        return ProgramLoader(file, engine, quiet=quiet).code(), b""
    data = sys.stdin.buffer.read()
    return lower_program(data, name, name, engine, quiet=quiet)[0], data
