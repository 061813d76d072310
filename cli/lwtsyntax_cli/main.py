"""``lwtsyntax``: the group of commands; each command has a file of its own in ``commands/``."""

from __future__ import annotations

import click

from lwtsyntax import __version__
from lwtsyntax_cli.commands.explain import explain
from lwtsyntax_cli.commands.explain_traceback import explain_traceback
from lwtsyntax_cli.commands.run import run
from lwtsyntax_cli.commands.transform import transform

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lwtsyntax")
def main() -> None:
    """Rewrite direct-style Python holding lwt markers into bind chains.

    Exit status: 0 when all is well, 1 when a file was refused (or would change, under --check; or
    got a warning, under --strict), 2 for a wrong command line.
    """


main.add_command(transform)
main.add_command(run)
main.add_command(explain)
main.add_command(explain_traceback)
