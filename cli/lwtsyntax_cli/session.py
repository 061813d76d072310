"""One run of ``lwtsyntax transform``: lower all jobs, deal with each outcome, then report."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import click

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax_cli.beside import foreign_target
from lwtsyntax_cli.cache import Cache
from lwtsyntax_cli.lowering import Job, Outcome, crashed, file_problem, lower_bytes, lower_file
from lwtsyntax_cli.output import current_output, write_output
from lwtsyntax_cli.plan import Plan
from lwtsyntax_cli.report import coloured, print_diagnostics, unified_diff, write_bytes

__all__ = ["Options", "Session"]

# Starting a worker costs as much as lowering a few files.
_FILES_WORTH_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the command line that decide what happens to an outcome."""

    check: bool
    diff: bool
    quiet: bool
    error_format: str
    jobs: int | None
    strict: bool = False

    @property
    def chatty(self) -> bool:
        """Whether lists, progress and the summary are wanted on standard error."""
        return not self.quiet and self.error_format == "text"


@dataclass(slots=True)
class _Finding:
    """What there is to report about one file."""

    diagnostics: tuple[Diagnostic, ...] = ()
    printed: bytes = b""
    note: str = ""
    refused: bool = False
    differs: bool = False
    in_place: bool = False  # the output, where it goes to a file


@dataclass(slots=True)
class Session:
    """Runs a plan; findings are kept by job, to be reported in the order of the command line."""

    plan: Plan
    options: Options
    cache: Cache
    findings: dict[int, _Finding] = field(default_factory=dict)

    def run(self) -> int:
        """Do everything; the exit status."""
        jobs = self.plan.jobs
        shown = self.options.chatty and len(jobs) > 1
        stderr = sys.stderr
        if shown and stderr.isatty():
            bar = click.progressbar(length=len(jobs), label="Lowering", file=stderr)
        else:
            bar = None
        with bar or nullcontext():
            for index, finding in self._findings():
                self.findings[index] = finding
                if bar is not None:
                    bar.update(1)
        self.cache.close()
        self._report()
        if shown or not jobs:
            self._summarise()
        return self._status()

    def _findings(self) -> Iterator[tuple[int, _Finding]]:
        todo: list[int] = []
        for index, job in enumerate(self.plan.jobs):
            recalled = self._recalled(job)
            if recalled is None:
                todo.append(index)
            else:
                yield index, recalled
        for index, outcome in self._outcomes(todo):
            job = self.plan.jobs[index]
            finding = self._settle(job, outcome)
            if outcome.output is None or job.target is None or finding.in_place:
                self.cache.record(job, outcome)
            yield index, finding

    def _outcomes(self, todo: list[int]) -> Iterator[tuple[int, Outcome]]:
        """Copies and standard input are handled here, the rest by workers when there are many."""
        lowered: list[int] = []
        for index in todo:
            job = self.plan.jobs[index]
            if job.source is None:
                yield index, lower_bytes(sys.stdin.buffer.read(), job)
            elif not job.lower:
                yield index, lower_file(job)
            else:
                lowered.append(index)
        if len(lowered) < _FILES_WORTH_WORKERS and self.options.jobs in (None, 1):
            for index in lowered:
                yield index, lower_file(self.plan.jobs[index])
            return
        from lwtsyntax_cli.parallel import available_cpus, run_all

        workers = min(self.options.jobs or available_cpus(), len(lowered))
        work = [self.plan.jobs[index] for index in lowered]
        for position, outcome in run_all(lower_file, work, workers, crashed):
            yield lowered[position], outcome

    def _recalled(self, job: Job) -> _Finding | None:
        """What there is to report about a file for which nothing has changed since the last run."""
        recalled = self.cache.recall(job)
        if recalled is None or (recalled.mapped and job.map_target in self.plan.places):
            return None
        finding = _Finding(recalled.diagnostics, in_place=not recalled.refused)
        if recalled.refused:
            self._refuse(job, finding)
        elif job.target is None and recalled.differs:
            if self.options.diff:
                return None  # what differs has to be shown
            self._differ(b"", job.name, finding)
        return finding

    def _settle(self, job: Job, outcome: Outcome) -> _Finding:
        if outcome.source_map is not None and job.map_target in self.plan.places:
            where = f"its source map cannot be written to {job.map_target}"
            clash = file_problem(job.name, where, "another file of this run is there")
            outcome = Outcome(outcome.source, None, (*outcome.diagnostics, clash))
        finding = _Finding(outcome.diagnostics)
        if outcome.output is None:
            self._refuse(job, finding)
        elif problem := self._foreign(job):
            finding.diagnostics += (problem,)
            finding.refused = True
        elif self.options.check or self.options.diff:
            self._compare(job, outcome, outcome.output, finding)
        elif job.target is None:
            finding.printed = outcome.output
        elif problem := write_output(job, outcome.output, outcome.source_map):
            finding.diagnostics += (problem,)
            finding.refused = True
        finding.in_place = not finding.refused and not finding.differs
        return finding

    def _foreign(self, job: Job) -> Diagnostic | None:
        if not job.beside:
            return None
        assert job.source is not None and job.target is not None
        return foreign_target(job.name, Path(job.source), Path(job.target))

    def _refuse(self, job: Job, finding: _Finding) -> None:
        finding.refused = True
        if job.target is not None and os.path.isfile(job.target) and self._foreign(job) is None:
            finding.note = f"{job.target} is left from an earlier run"

    def _compare(self, job: Job, outcome: Outcome, new: bytes, finding: _Finding) -> None:
        """Set what the file would become against what it is: the target's content, or the source's."""
        if job.target is None:
            self._compare_file(outcome.source, new, job.name, f"{job.name} (lowered)", finding)
            return
        name = job.target
        self._compare_file(current_output(name), new, name, name, finding)
        if outcome.source_map is not None:
            name = job.map_target
            old = current_output(name)
            self._compare_file(old, outcome.source_map, name, name, finding, readable=False)

    def _compare_file(
        self,
        old: bytes | None,
        new: bytes,
        old_name: str,
        new_name: str,
        finding: _Finding,
        readable: bool = True,
    ) -> None:
        if old == new:
            return
        if self.options.diff and readable:
            finding.differs = True
            colour = coloured(sys.stdout)
            finding.printed += unified_diff(old, new, old_name, new_name, colour=colour)
        else:
            self._differ(old, old_name, finding)

    def _differ(self, old: bytes | None, name: str, finding: _Finding) -> None:
        finding.differs = True
        if self.options.diff or not self.options.quiet:
            state = "missing" if old is None else "would change"
            finding.printed += f"{state}: {name}\n".encode(errors="surrogateescape")

    def _report(self) -> None:
        findings = [self.findings[index] for index in sorted(self.findings)]
        for finding in findings:
            if finding.printed:
                write_bytes(finding.printed)
        diagnostics = [*self.plan.problems, *(d for each in findings for d in each.diagnostics)]
        if diagnostics or self.options.error_format == "json":
            print_diagnostics(diagnostics, self.options.error_format)
        for finding in findings:
            if finding.note and self.options.chatty:
                click.echo(f"note: {finding.note}", err=True)

    def _summarise(self) -> None:
        if not self.options.chatty:
            return
        findings = self.findings.values()
        refused = sum(each.refused for each in findings) + len(self.plan.problems)
        if self.options.check or self.options.diff:
            good = f"{sum(each.differs for each in findings)} would change"
        else:
            copied = sum(not job.lower for job in self.plan.jobs)
            good = f"{len(self.plan.jobs) - copied} Python" + (
                f", {copied} other" if copied else ""
            )
        counts = f"{_number(len(findings), 'file')}: {good}, {refused} refused"
        if self._warnings():
            counts += f", {_number(self._warnings(), 'warning')}"
        click.echo(counts, err=True)

    def _warnings(self) -> int:
        found = (d for each in self.findings.values() for d in each.diagnostics)
        return sum(each.severity == "warning" for each in found)

    def _status(self) -> int:
        findings = self.findings.values()
        if self.plan.problems or any(each.refused for each in findings):
            return 1
        if self.options.strict and self._warnings():
            return 1
        return 1 if self.options.check and any(each.differs for each in findings) else 0


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
