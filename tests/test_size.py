"""The output and the work are linear in the source; nothing of the source stands in it twice."""

from __future__ import annotations

import ast
import cProfile
import pstats
import re
from dataclasses import dataclass

import pytest
from harness.families import CHAINS, NESTS, PARTS, PRELUDE, chained, marked, nested, program

from lwtsyntax.pipeline import transform


@dataclass
class Size:
    """How large the output is, and how many calls the transformer makes for it."""

    output: int
    unindented: int
    statements: int
    work: int


def measured(body: str) -> Size:
    """The sizes of the program around *body*; each mark must stand in the output exactly once."""
    text, marks = marked(body)
    source = PRELUDE + program(text)
    profile = cProfile.Profile()
    result = profile.runcall(transform, source, "sized.py", format=False)
    assert result.text is not None, result.diagnostics
    found = re.findall(r"""["'](m\d{6})["']""", result.text)
    assert sorted(found) == [f"m{number:06}" for number in range(marks)]
    calls: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    unindented = sum(len(line.lstrip()) for line in result.text.splitlines())
    return Size(
        len(result.text),
        unindented,
        _statements(result.text),
        calls,
    )


def _statements(text: str) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(text)))


def check_tenfold(small: Size, large: Size) -> None:
    """*large* may be eleven times *small*."""
    assert large.output <= 11 * small.output
    assert large.statements <= 11 * small.statements
    assert large.work <= 11 * small.work


@pytest.mark.parametrize("part", PARTS)
def test_output_is_linear(part: str) -> None:
    check_tenfold(measured(PARTS[part] * 11), measured(PARTS[part] * 110))


@pytest.mark.parametrize("kind", CHAINS)
def test_chains_are_linear(kind: str) -> None:
    check_tenfold(measured(chained(kind, 20)), measured(chained(kind, 200)))


@pytest.mark.parametrize("kind", NESTS)
def test_nests_are_linear(kind: str) -> None:
    """Each three blocks more cost the same; but for indentation, which is quadratic in the source too."""
    measured(nested(kind, 1))  # what the first call of all does is not counted
    small, middle, large = (measured(nested(kind, depth)) for depth in (3, 6, 9))
    for of in ("unindented", "statements", "work"):
        first, second = (
            getattr(middle, of) - getattr(small, of),
            getattr(large, of) - getattr(middle, of),
        )
        assert second <= 1.2 * first, of


def test_statements_without_waits_are_linear() -> None:
    body = "total += 1\nMARK\n"
    check_tenfold(measured(body * 200), measured(body * 2000))
