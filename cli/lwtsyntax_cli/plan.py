"""From the command line's paths to a list of jobs: walking directories, pairing inputs with outputs."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import click

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax_cli.beside import (
    KEYWORDS,
    holds_keywords,
    is_signed,
    is_source,
    may_hold_markers,
    written_name,
)
from lwtsyntax_cli.lowering import Job, file_problem

__all__ = ["Plan", "make_plan", "make_plan_beside"]

# What a mirror leaves out, besides virtual environments: nothing here is source or needed to run it.
_SKIPPED_DIRECTORIES = frozenset(
    ("__pycache__", ".git", ".hg", ".svn", ".bzr", ".jj", "_darcs")
    + (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".tox", ".nox", ".venv")
)


@dataclass
class Plan:
    """The jobs, in the order of the command line, and what could not even be listed."""

    jobs: list[Job] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    @cached_property
    def places(self) -> frozenset[Path]:
        """What the jobs read and write, source maps aside."""
        return frozenset(
            path for job in self.jobs for path in (job.source, job.target) if path is not None
        )


def make_plan(paths: tuple[Path, ...], output: str | None, stdin_name: str, **options: Any) -> Plan:
    """The files that *paths* stand for; with *output*, each with its target.

    *options* are those of :class:`Job` that all of them share.  Raises :class:`click.UsageError` where inputs and outputs collide.
    """
    if Path("-") in paths and len(paths) > 1:
        raise click.UsageError("'-' (standard input) cannot be combined with other paths")
    plan = Plan()
    make = partial(Job, **options)
    for path in paths:
        if output is not None:
            target = _target(path, output, len(paths) == 1, stdin_name, options["to"])
            _refuse_overlap(path, target)
        else:
            target = None
        _add(plan, path, target, stdin_name, make)
    plan.jobs = _distinct(plan.jobs)
    return plan


def make_plan_beside(paths: tuple[Path, ...], **options: Any) -> Plan:
    """The files in keyword spelling that *paths* stand for, each with the target beside it."""
    plan = Plan()

    def add(source: Path) -> None:
        target = source.with_name(written_name(source.name, options["to"]))
        plan.jobs.append(Job(str(source), source, target, beside=True, **options))

    for path in paths:
        if path.is_dir():
            for folder, names in _walk(path, plan.problems):
                for name in filter(holds_keywords, names):
                    add(folder / name)
        elif holds_keywords(path.name):
            add(path)
        else:
            raise click.UsageError(f"--write is for {KEYWORDS} files: it would overwrite {path}")
    plan.jobs = _distinct(plan.jobs)
    return plan


def _target(path: Path, output: str, only: bool, stdin_name: str, to: str) -> Path:
    """Where the output for one path of the command line goes, be it a file or a directory."""
    name = Path(stdin_name).name if path == Path("-") else Path(os.path.abspath(path)).name
    names_directory = output.endswith(("/", os.sep)) or os.path.isdir(output)
    if only and not path.is_dir() and not names_directory:
        return Path(output)
    if os.path.lexists(output) and not os.path.isdir(output):
        raise click.UsageError(f"-o {output} is a file; several files need a directory")
    if only and path.is_dir():
        return Path(output)
    return Path(output, name if path.is_dir() else written_name(name, to))


def _refuse_overlap(path: Path, target: Path) -> None:
    source, goal = Path(os.path.realpath(path)), Path(os.path.realpath(target))
    if source == goal:
        raise click.UsageError(f"-o would overwrite the input {path}; choose another place")
    if path.is_dir() and (goal.is_relative_to(source) or source.is_relative_to(goal)):
        raise click.UsageError(
            f"-o {target} and the input {path} overlap; choose a directory beside the input"
        )


def _add(
    plan: Plan, path: Path, target: Path | None, stdin_name: str, make: Callable[..., Job]
) -> None:
    if path == Path("-"):
        plan.jobs.append(make(stdin_name, None, target))
    elif path.is_dir():
        for folder, names in _walk(path, plan.problems):
            goal = target / folder.relative_to(path) if target is not None else None
            _add_folder(plan, folder, names, goal, partial(make, root=target))
    else:
        plan.jobs.append(make(str(path), path, target))


def _add_folder(
    plan: Plan, folder: Path, names: list[str], goal: Path | None, make: Callable[..., Job]
) -> None:
    """The files *names* of one folder; *goal* is where their outputs go."""
    sources = {written_name(name): name for name in names if holds_keywords(name)}
    for name in names:
        found = folder / name
        if name in sources and is_signed(found, folder / sources[name]):
            continue
        job = make(str(found), found, lower=is_source(name))
        if job.to == "keywords" and job.lower and not holds_keywords(name):
            job = replace(job, lower=may_hold_markers(found))
        if goal is not None:
            written = written_name(name, job.to) if job.lower else name
            plan.jobs.append(replace(job, target=goal / written))
        elif job.lower:
            plan.jobs.append(job)


def _walk(top: Path, problems: list[Diagnostic]) -> Iterator[tuple[Path, list[str]]]:
    """The regular files of each folder under *top*, sorted; links to directories are followed, but not
    in circles."""

    def unreadable(error: OSError) -> None:
        problems.append(file_problem(str(error.filename), "cannot be listed", error))

    seen: set[str] = set()
    for folder, subfolders, files in os.walk(top, onerror=unreadable, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen or ("pyvenv.cfg" in files and folder != str(top)):
            subfolders.clear()
            continue
        seen.add(real)
        subfolders[:] = sorted(set(subfolders) - _SKIPPED_DIRECTORIES)
        yield (
            Path(folder),
            [name for name in sorted(files) if _is_regular(f"{folder}{os.sep}{name}")],
        )


def _is_regular(path: str) -> bool:
    """Whether *path* is neither a socket nor a link to nowhere."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _distinct(jobs: list[Job]) -> list[Job]:
    """Each source once; a usage error when two sources would be written to one target."""
    by_place: dict[str, Job] = {}
    owners: dict[str, Job] = {}
    for job in jobs:
        by_place.setdefault(f"{job.source}\0{job.target}", job)
        if job.target is None:
            continue
        other = owners.setdefault(str(job.target), job)
        if other is not job and other.source != job.source:
            raise click.UsageError(
                f"{other.name} and {job.name} would both be written to {job.target}"
            )
    real = _RealPaths()
    read = jobs if owners else []
    sources = {real.of(str(job.source)): job for job in read if job.source is not None}
    for target in owners:
        if (victim := sources.get(real.of(target))) is not None:
            raise click.UsageError(f"-o would overwrite the input {victim.name}")
    return list(by_place.values())


class _RealPaths:
    """``realpath``, which takes a folder apart once for all files in it."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, path: str) -> str:
        folder, _, name = path.rpartition(os.sep)
        if not folder or name in ("", os.curdir, os.pardir) or os.path.islink(path):
            return os.path.realpath(path)
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.join(os.path.realpath(folder), "")
        return real + name
