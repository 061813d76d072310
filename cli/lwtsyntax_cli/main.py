"""``lwtsyntax``: the group of commands; each has a file of its own in ``commands/``, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from lwtsyntax import __version__

__all__ = ["main"]

_COMMANDS = ("explain", "explain-traceback", "lsp", "run", "transform")


class _Commands(click.Group):
    """The commands by their names; one that is not called is not imported, unless for the help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"lwtsyntax_cli.commands.{name}"), name)
        assert isinstance(command, click.Command)
        return command


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from lwtsyntax.runtime._core import is_compiled

        core = "compiled" if is_compiled else "pure Python"
        click.echo(f"lwtsyntax, version {__version__} (runtime: {core})")
        context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version and the core of the runtime, and exit.",
)
def main() -> None:
    """Rewrite direct-style Python holding lwt markers into bind chains.

    Exit status: 0 when all is well, 1 when a file was refused (or would change, under --check; or
    got a warning, under --strict), 2 for a wrong command line.
    """
