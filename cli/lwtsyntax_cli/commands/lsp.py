"""``lwtsyntax lsp``: the language server, on standard input and output."""

from __future__ import annotations

from importlib.util import find_spec

import click

__all__ = ["lsp"]

_MISSING = """\
the language server needs pygls, which is not installed here; install it with

    pip install 'lwtsyntax[lsp]'"""


@click.command()
@click.option("--stdio", is_flag=True, help="Speak on standard input and output (always the case).")
@click.option("--clientProcessId", "client", type=int, hidden=True)
def lsp(stdio: bool, client: int | None) -> None:
    """Run the language server for editors.

    It speaks the Language Server Protocol on standard input and output. docs/editors.md shows how editors are
    told of it.
    """
    if find_spec("pygls") is None:
        raise click.ClickException(_MISSING)
    from lwtsyntax_lsp.server import serve

    serve()
