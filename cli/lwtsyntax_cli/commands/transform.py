"""``lwtsyntax transform``: lower files to standard output, to files, or only compare."""

from __future__ import annotations

import keyword
import os
import sys
from pathlib import Path
from typing import Any, Literal

import click

from lwtsyntax_cli.cache import Cache
from lwtsyntax_cli.cache_file import cache_path
from lwtsyntax_cli.lowering import Job, lower_bytes, lower_file
from lwtsyntax_cli.plan import Plan, make_plan, make_plan_beside
from lwtsyntax_cli.report import print_diagnostics, write_bytes
from lwtsyntax_cli.session import Options, Session

__all__ = ["transform"]

_NEEDS_DESTINATION = (
    "several files do not fit on standard output: write them with -o DIR, "
    "or compare only with --check or --diff"
)


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
@click.option("-o", "--output", metavar="FILE|DIR", help="Write here instead of standard output.")
@click.option("--write", is_flag=True, help="Write the output of each x.lwt to x.py beside it.")
@click.option("--source-map", is_flag=True, help="Write a source map beside each output of -o.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would be written.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@click.option(
    "--to",
    type=click.Choice(["binds", "async", "markers", "keywords"]),
    default="binds",
    help="Write bind chains [default]; async functions that need no runtime of ours; or the same program "
    "in the other spelling: a .lwt file with markers, a .py file with keywords.",
)
@click.option(
    "--helpers",
    metavar="MODULE",
    help="With --to async: import helpers from MODULE, your copy of lwtsyntax/coroutines.py.",
)
@click.option("--show-passes", is_flag=True, help="Print the program of one file after each pass.")
@click.option("--format/--no-format", default=True, help="Format generated code with black.")
@click.option("-q", "--quiet", is_flag=True, help="Only diagnostics: no lists, progress, summary.")
@click.option("--strict", is_flag=True, help="Exit 1 if there is a warning.")
@click.option(
    "--error-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Diagnostics on standard error as text, or as one JSON array and nothing else.",
)
@click.option("--no-cache", is_flag=True, help="Lower every file; neither read nor write a cache.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Worker processes [one a CPU].")
@click.option(
    "--stdin-filename", default="<stdin>", help="The name of '-'; .lwt means keyword spelling."
)
def transform(
    paths: tuple[Path, ...],
    output: str | None,
    write: bool,
    source_map: bool,
    check: bool,
    diff: bool,
    to: Literal["binds", "async", "markers", "keywords"],
    helpers: str | None,
    show_passes: bool,
    format: bool,
    quiet: bool,
    strict: bool,
    error_format: str,
    no_cache: bool,
    jobs: int | None,
    stdin_filename: str,
) -> None:
    """Lower the lwt markers of PATHS, files or directories, into bind chains or async functions.

    One file, or '-' for standard input, goes to standard output. With -o, files are written: one
    file to FILE or into DIR; a directory is mirrored into DIR with its .py and .pyw files lowered and
    everything else copied as it is, except caches, version control and virtual environments, so that
    the mirror runs. With several paths each goes into DIR under its own name.

    Files that end in .lwt are in keyword spelling, and so is standard input under a --stdin-filename that does;
    their outputs end in .py. With --write the output of every x.lwt among PATHS goes to x.py beside it, which
    says so in its last line: an x.py that does not is never written over.

    With --source-map an output that is not its source ends in a line that names its source map, which is
    written beside it (OUT.py.map): with that, tracebacks speak of the source as well.

    --check exits 1 when a file would change; with -o, when an output is missing or out of date. --diff
    shows the same and exits 0; with --check too, 1. A refused file is never written, what an earlier
    run wrote for it stays, and the other files go on; the exit status is 1. A file with warnings is
    written all the same, and the exit status is 0, or 1 under --strict.

    What -o, --check and --diff find out is kept in the user's cache directory, or in LWTSYNTAX_CACHE_DIR, so
    that the next run of the same command lowers only what has changed since.
    """
    _check_helpers(to, helpers)
    _check_spelling(to, write, source_map, show_passes)
    options: dict[str, Any] = {"format": format, "to": to, "helpers": helpers}
    options["source_map"] = source_map
    if write and output is not None:
        raise click.UsageError("--write names the outputs: it takes no -o")
    if write:
        plan = make_plan_beside(paths, **options)
    else:
        plan = make_plan(paths, output, stdin_filename, **options)
    if source_map:
        _check_maps(plan, write or output is not None)
    single = len(paths) == 1 and not paths[0].is_dir()
    if show_passes:
        if not single or output is not None or write or check or diff:
            raise click.UsageError("--show-passes takes one file, and no -o, --check or --diff")
        raise SystemExit(_show_passes(plan.jobs[0], error_format, strict))
    if not single and output is None and not (write or check or diff):
        raise click.UsageError(_NEEDS_DESTINATION)
    kept = None
    if not no_cache and (output is not None or write or check or diff):
        kept = cache_path((*map(str, paths), output, write, *options.values()))
    session = Session(plan, Options(check, diff, quiet, error_format, jobs, strict), Cache(kept))
    raise SystemExit(session.run())


def _check_helpers(to: str, helpers: str | None) -> None:
    if helpers is None:
        return
    if to != "async":
        raise click.UsageError("--helpers belongs to --to async")
    names = helpers.split(".")
    if not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        raise click.UsageError(f"--helpers takes the name of a module, as in an import: {helpers}")


def _check_spelling(to: str, write: bool, source_map: bool, show_passes: bool) -> None:
    if to == "keywords" and write:
        raise click.UsageError(
            "--write goes from .lwt to .py; with --to keywords name a place by -o"
        )
    if to == "keywords" and source_map:
        raise click.UsageError("--source-map is for outputs that run, which a .lwt file is not")
    if to in ("keywords", "markers") and show_passes:
        raise click.UsageError(f"--to {to} goes through no passes")


def _check_maps(plan: Plan, written: bool) -> None:
    if not written:
        raise click.UsageError("--source-map writes a file beside the output: name that with -o")
    for target in (job.target for job in plan.jobs):
        if target is not None and os.path.exists(target) and not os.path.isfile(target):
            raise click.UsageError(f"--source-map: there is no place for a map beside {target}")


def _show_passes(job: Job, error_format: str, strict: bool) -> int:
    programs: list[str] = []

    def keep(name: str, program: str) -> None:
        programs.append(f"# ----- {name} -----\n{program.rstrip()}\n\n")

    if job.source is None:
        outcome = lower_bytes(sys.stdin.buffer.read(), job, keep)
    else:
        outcome = lower_file(job, keep)
    write_bytes("".join(programs).encode(errors="replace"))
    if outcome.diagnostics or error_format == "json":
        print_diagnostics(outcome.diagnostics, error_format)
    return 1 if outcome.output is None or (strict and outcome.diagnostics) else 0
