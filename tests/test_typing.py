"""mypy --strict and pyright infer the direct-style program and reject misuse.

In ``typing_samples``, ``# reveal: T`` behind a ``reveal_type(...)`` is the type that both checkers
must infer, and ``# error`` marks the lines, the only ones, in which both must find an error.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent / "typing_samples"
ROOT = SAMPLES.parent.parent
Place = tuple[str, int]


def wanted() -> tuple[dict[Place, str], set[Place]]:
    """The types and the errors that the samples ask for, by file and line."""
    reveals, errors = {}, set()
    for path in SAMPLES.glob("*.py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := re.search(r"# reveal: (.*)", line):
                reveals[path.name, number] = found[1]
            elif re.search(r"# error\b", line):
                errors.add((path.name, number))
    return reveals, errors


def plain(shown: str) -> str:
    """A type as both checkers would write it: without modules, stars and quotes."""
    shown = re.sub(r"\bdef (?=\()", "", shown).replace("*", "")
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", shown)


def run_mypy() -> list[tuple[Place, str, str]]:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--output=json"]
    result = subprocess.run(
        [*command, str(SAMPLES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
    )
    assert not result.stderr, result.stderr
    found = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return [
        ((Path(each["file"]).name, each["line"]), each["severity"], each["message"])
        for each in found
    ]


def run_pyright() -> list[tuple[Place, str, str]]:
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    result = subprocess.run(
        [*command, str(SAMPLES)], cwd=SAMPLES, capture_output=True, text=True, check=False
    )
    found = json.loads(result.stdout)["generalDiagnostics"]
    return [
        (
            (Path(each["file"]).name, each["range"]["start"]["line"] + 1),
            each["severity"],
            each["message"],
        )
        for each in found
    ]


@pytest.mark.slow
@pytest.mark.parametrize("checker", [run_mypy, run_pyright], ids=["mypy", "pyright"])
def test_samples(checker: object) -> None:
    assert callable(checker)
    reveals, errors = wanted()
    revealed: dict[Place, str] = {}
    complaints: defaultdict[Place, list[str]] = defaultdict(list)
    for place, severity, message in checker():
        if found := re.search(r"(?:Revealed type is|Type of .* is) \"(.*)\"", message, re.DOTALL):
            revealed[place] = plain(found[1])
        elif severity == "error":
            complaints[place].append(message)
    unexpected = {place: said for place, said in complaints.items() if place not in errors}
    assert unexpected == {}
    assert set(complaints) == errors, "errors that were not found"
    assert revealed == reveals
