"""Programs in keyword spelling do what their twins in marker spelling do, in every way."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.fixtures import FIXTURES, Fixture
from harness.goldens import disagreements
from harness.oracle import ASYNC, FIBER, TRANSFORMED, observe

from lwtsyntax.ir.source import Source
from lwtsyntax.keywords import read_keywords
from lwtsyntax.pipeline import transform

PROGRAMS = Path(__file__).parent / "programs"
NAMES = sorted(path.stem for path in PROGRAMS.glob("*.lwt"))
TWINS = sorted(path.stem for path in PROGRAMS.glob("*.py"))


def _read(name: str) -> str:
    return (PROGRAMS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TWINS)
def test_the_twin_is_the_same_program(name: str) -> None:
    keywords = Source(_read(f"{name}.lwt"), f"{name}.lwt")
    assert read_keywords(keywords).text == _read(f"{name}.py")


@pytest.mark.parametrize("name", TWINS)
def test_the_twin_has_the_same_output(name: str) -> None:
    ours = transform(_read(f"{name}.lwt"), f"{name}.lwt")
    theirs = transform(_read(f"{name}.py"), f"{name}.py")
    assert ours.text == theirs.text
    assert ours.diagnostics == theirs.diagnostics == ()


@pytest.mark.parametrize("name", TWINS)
def test_the_twins_ways_agree(name: str) -> None:
    twin = _read(f"{name}.py")
    report = disagreements(Fixture(FIXTURES / f"{name}.py", twin, {}))
    assert not report, report
    expected = observe(twin, "resolved")
    for way in (*TRANSFORMED, *ASYNC, *FIBER):
        assert observe(_read(f"{name}.lwt"), way, f"{name}.lwt") == expected, way


def test_bodies_of_forms_are_threads() -> None:
    text = _read("threads.lwt")
    expected = observe(text, "resolved", "threads.lwt")
    assert expected.result == "main gives (4, 4, 3)"
    for way in (*TRANSFORMED, *ASYNC, *FIBER):
        assert observe(text, way, "threads.lwt") == expected, way
    order = [each for each in expected.events if each.startswith(("after", "slowly"))]
    assert order == [
        "slowly in the body",
        "after try",
        "slowly in the handler",
        "after handler",
        "slowly up",
        "after if",
        "slowly enter",
        "after with",
        "slowly elif",
        "after elif",
    ]
