"""Run suites in processes of their own, and compare what became of their tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .known import KNOWN, OTHER_LINES
from .suites import VARIANTS

__all__ = ["LOWERED", "UNTOUCHED", "Row", "run_suite"]

ROOT = Path(__file__).resolve().parents[2]
UNTOUCHED = "as it is"
LOWERED = tuple(name for name in VARIANTS if name != UNTOUCHED)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass
class Row:
    """What became of one suite: passing tests by variant, and what is wrong."""

    suite: str
    tests: int  # that pass with the modules as they are
    passed: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    waits: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        passed = ", ".join(f"{variant} {number}" for variant, number in self.passed.items())
        return f"{self.suite}: {self.tests} tests; {passed}"


@dataclass
class HookedRow:
    """What became of one suite through the hook."""

    suite: str
    tests: int  # that pass with the modules as they are
    passed: int = 0
    lines: int = 0  # that ran in the modules as they are
    differing: int = 0  # lines that ran one way only
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.suite}: {self.passed} of {self.tests} tests; {self.differing} of {self.lines} lines"


def run_suite(suite: str, variants: Iterable[str] = LOWERED) -> Row:
    """Run *suite* as it is and in *variants*."""
    expected = _outcomes(_child(suite, UNTOUCHED))
    row = Row(suite, sum(outcome == "passed" for outcome in expected.values()))
    for variant in variants:
        found = _child(suite, variant)
        row.lines = max(row.lines, found.get("lines", 0))
        row.waits = max(row.waits, found.get("waits", 0))
        row.passed[variant] = _compare(row, variant, expected, found)
    return row


def run_hooked(suite: str) -> HookedRow:
    """Run *suite* with its modules imported through the hook, and as they are: compare tests and lines."""
    plain, hooked = (_child(suite, mode, "hooked") for mode in ("plain", "hook"))
    expected = _outcomes(plain)
    row = HookedRow(suite, sum(outcome == "passed" for outcome in expected.values()))
    for found in (plain, hooked):
        if "crash" in found:
            row.problems.append(f"{suite}: {found['crash']}")
            return row
    known = {entry.test for entry in KNOWN if entry.suite == suite and VERSION in entry.versions}
    outcomes = _outcomes(hooked)
    for test, outcome in expected.items():
        row.passed += outcome == outcomes.get(test) == "passed"
        if outcome != "failed" and outcomes.get(test) != outcome and test not in known:
            detail = hooked["outcomes"].get(test, ["", "it did not run"])[1]
            row.problems.append(
                f"{suite}, hook: {test} {outcomes.get(test, 'is missing')}\n{detail}"
            )
    for module, lines in plain["lines"].items():
        row.lines += len(lines)
        differing = set(lines) ^ set(hooked["lines"][module])
        row.differing += len(differing)
        if len(differing) != (OTHER_LINES[module][0] if module in OTHER_LINES else 0):
            row.problems.append(f"{module}, lines that ran one way only: {sorted(differing)}")
    return row


def _child(suite: str, variant: str, program: str = "child") -> dict[str, Any]:
    command = [sys.executable, "-m", f"{__package__}.{program}", suite, variant]
    paths = [str(ROOT), str(ROOT / "tests")]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        cwd=ROOT,
        env={"PYTHONPATH": ":".join(paths), "PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"},
    )
    if done.returncode:
        return {"crash": done.stderr[-3000:]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _outcomes(found: dict[str, Any]) -> dict[str, str]:
    return {test: outcome for test, (outcome, _) in found.get("outcomes", {}).items()}


def _compare(row: Row, variant: str, expected: dict[str, str], found: dict[str, Any]) -> int:
    """The number of tests that pass as they should; what does not goes to the problems of *row*."""
    if "crash" in found:
        row.problems.append(f"{row.suite}, {variant}: {found['crash']}")
        return 0
    place = f"{row.suite}, {variant}"
    known = {
        entry.test
        for entry in KNOWN
        if entry.suite == row.suite and variant in entry.variants and VERSION in entry.versions
    }
    outcomes = _outcomes(found)
    for test, outcome in expected.items():
        if outcome == "failed" or outcomes.get(test) == outcome:
            continue
        if test not in known:
            detail = found["outcomes"].get(test, ["", "it did not run"])[1]
            row.problems.append(f"{place}: {test} {outcomes.get(test, 'is missing')}\n{detail}")
        known.discard(test)
    row.problems += [
        f"{place}: {test} passes: strike it from known.py" for test in known if known[test]
    ]
    row.problems += [f"{place}: {message}" for message in found["unobserved"]]
    passing = (test for test, outcome in expected.items() if outcome == "passed")
    return sum(outcomes.get(test) == "passed" for test in passing)
