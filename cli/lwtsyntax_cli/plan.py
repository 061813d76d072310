"""From the command line's paths to a list of jobs: walking directories, pairing inputs with outputs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
from lwtsyntax_cli.walking import Folder, prefix_of, walk

__all__ = ["Plan", "make_plan", "make_plan_beside"]


@dataclass
class Plan:
    """The jobs, in the order of the command line, and what could not even be listed."""

    jobs: list[Job] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    links: set[str] = field(default_factory=set)  # sources that are links, or may be

    @cached_property
    def places(self) -> frozenset[str]:
        """What the jobs read and write, source maps aside."""
        return frozenset(
            path for job in self.jobs for path in (job.source, job.target) if path is not None
        )

    def walk(self, top: str) -> Iterator[Folder]:
        def unreadable(error: OSError) -> None:
            self.problems.append(file_problem(str(error.filename), "cannot be listed", error))

        for folder in walk(top, unreadable):
            self.links.update(folder.prefix + name for name in folder.links)
            yield folder


def make_plan(paths: tuple[Path, ...], output: str | None, stdin_name: str, **options: Any) -> Plan:
    """The files that *paths* stand for; with *output*, each with its target.

    *options* are those of :class:`Job` that all of them share.  Raises :class:`click.UsageError` where inputs and outputs collide.
    """
    if Path("-") in paths and len(paths) > 1:
        raise click.UsageError("'-' (standard input) cannot be combined with other paths")
    plan = Plan()
    for path in paths:
        target = None
        if output is not None:
            goal = _target(path, output, len(paths) == 1, stdin_name, options["to"])
            _refuse_overlap(path, goal)
            target = str(goal)
        if path == Path("-"):
            plan.jobs.append(Job(stdin_name, None, target, **options))
        elif path.is_dir():
            _add_tree(plan, str(path), target, options)
        else:
            plan.links.add(str(path))
            plan.jobs.append(Job(str(path), str(path), target, **options))
    _settle(plan)
    return plan


def make_plan_beside(paths: tuple[Path, ...], **options: Any) -> Plan:
    """The files in keyword spelling that *paths* stand for, each with the target beside it."""
    plan = Plan()

    def add(source: Path) -> None:
        target = source.with_name(written_name(source.name, options["to"]))
        plan.links.add(str(source))
        plan.jobs.append(Job(str(source), str(source), str(target), beside=True, **options))

    for path in paths:
        if path.is_dir():
            for folder in plan.walk(str(path)):
                for name in filter(holds_keywords, folder.files):
                    add(Path(folder.path, name))
        elif holds_keywords(path.name):
            add(path)
        else:
            raise click.UsageError(f"--write is for {KEYWORDS} files: it would overwrite {path}")
    _settle(plan)
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


def _add_tree(plan: Plan, top: str, goal: str | None, options: dict[str, Any]) -> None:
    """The files under the folder *top*, whose outputs go to *goal*, under the same names."""
    make = partial(Job, root=goal, **options)
    for folder in plan.walk(top):
        before = None
        if goal is not None:
            below = "" if folder.path == top else folder.path.removeprefix(prefix_of(top))
            before = prefix_of(os.path.join(goal, below))
        plan.jobs += _jobs_of(folder, before, options["to"], make)


def _jobs_of(
    folder: Folder, before: str | None, to: str, make: Callable[..., Job]
) -> Iterator[Job]:
    """The files of one folder; *before* is what goes before the names of their outputs, if there are any."""
    here = folder.prefix
    sources = {written_name(name): name for name in folder.files if holds_keywords(name)}
    for name in folder.files:
        found = here + name
        if name in sources and is_signed(Path(found), Path(here + sources[name])):
            continue
        lower = is_source(name)
        if lower and to == "keywords" and not holds_keywords(name):
            lower = may_hold_markers(Path(found))
        if before is not None:
            target = before + (written_name(name, to) if lower else name)
            yield make(found, found, target, lower=lower)
        elif lower:
            yield make(found, found)


def _settle(plan: Plan) -> None:
    """Each source once; a usage error when two sources would be written to one target."""
    by_place: dict[tuple[str | None, str | None], Job] = {}
    owners: dict[str, Job] = {}
    for job in plan.jobs:
        by_place.setdefault((job.source, job.target), job)
        if job.target is None:
            continue
        other = owners.setdefault(job.target, job)
        if other is not job and other.source != job.source:
            raise click.UsageError(
                f"{other.name} and {job.name} would both be written to {job.target}"
            )
    plan.jobs = list(by_place.values())
    if owners:
        _refuse_overwriting(plan, owners)


def _refuse_overwriting(plan: Plan, owners: dict[str, Job]) -> None:
    """A usage error when what is written to one of the targets would end up in a source."""
    real = _RealPaths()
    sources = {
        real.of(job.source, job.source in plan.links): job
        for job in plan.jobs
        if job.source is not None
    }
    for target, job in owners.items():
        # In a mirror a link is replaced.
        if (victim := sources.get(real.of(target, job.root is None))) is not None:
            raise click.UsageError(f"-o would overwrite the input {victim.name}")


class _RealPaths:
    """``realpath``, which takes a folder apart once for all files in it."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, path: str, followed: bool) -> str:
        """Where *path* leads to, by way of its own name only when that is to be *followed*."""
        if followed:
            return os.path.realpath(path)
        folder, _, name = path.rpartition(os.sep)
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.join(os.path.realpath(folder or "."), "")
        return real + name
