"""``lwtsyntax explain-traceback``: what a traceback of written outputs says of their sources."""

from __future__ import annotations

from typing import BinaryIO

import click

from lwtsyntax_cli.report import write_bytes
from lwtsyntax_cli.tracebacks import Explainer

__all__ = ["explain_traceback"]


@click.command("explain-traceback")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--root",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="Where the files of the traceback are, if its paths are relative or from elsewhere.",
)
def explain_traceback(file: BinaryIO, root: str | None) -> None:
    """Print the text in FILE, standard input by default, with its tracebacks explained.

    Entries of files that 'transform --source-map' wrote are replaced by the lines of the source they
    come from; everything else stays. Log prefixes and exception groups are understood.

    Relative paths are looked for in the current directory, or in DIR. An absolute path that does not
    exist here, but ends like that of a file below DIR, stands for that file.
    """
    explainer = Explainer(root)
    text = file.read().decode("utf-8", "surrogateescape")
    write_bytes(explainer.explain(text).encode("utf-8", "surrogateescape"))
    if not explainer.replaced:
        click.echo("note: no entry of a file with a source map was found", err=True)
