"""``lwtsyntax explain CODE``: what a diagnostic means, an example of it, and its cure."""

from __future__ import annotations

import difflib

import click

from lwtsyntax.diagnostics import CODES, explanation

__all__ = ["explain"]


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a diagnostic by its CODE (LWT010, lwt010 or 10); without one, list all codes."""
    if code is None:
        for each, (severity, title) in CODES.items():
            click.echo(f"{each}  {severity:7}  {title}")
        return
    known = _normalised(code)
    if known not in CODES:
        raise click.UsageError(_unknown(code, known))
    click.echo(_plain(explanation(known)))


def _normalised(code: str) -> str:
    """``lwt010`` and ``10`` are ``LWT010``."""
    return f"LWT{int(code):03}" if code.isdecimal() else code.upper()


def _unknown(code: str, normalised: str) -> str:
    close = difflib.get_close_matches(normalised, CODES, n=3)
    if close:
        return f"there is no diagnostic {code!r}; did you mean {', '.join(close)}?"
    return f"there is no diagnostic {code!r}; 'lwtsyntax explain' lists them all"


def _plain(page: str) -> str:
    """The Markdown *page* for a terminal: fences become indentation, comments go."""
    lines = []
    in_code = False
    for line in page.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            lines.append(f"    {line}".rstrip())
        elif not line.startswith("<!--"):
            lines.append(line.removeprefix("# "))
    return "\n".join(lines).strip()
