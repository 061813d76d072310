"""Every fixture: its ways agree, its golden parts are what they should be, its output is sound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import black
import pytest
from harness.fixtures import FIXTURES, Fixture, all_fixtures
from harness.goldens import disagreements, expected_sections, written_sections
from harness.invariants import comments, markers_left, runtime_names, untouched_parts
from harness.oracle import finished_at_once, lowered

import lwtsyntax.runtime
from lwtsyntax.pipeline import transform

ALL = [
    pytest.param(
        fixture,
        id=fixture.name.removesuffix(".py"),
        marks=pytest.mark.skipif(
            not fixture.runs_here, reason=f"needs Python {fixture.flags.get('python')}"
        ),
    )
    for fixture in all_fixtures()
]
HARNESS = Path(__file__).parent / "harness"
ACCEPTED = [each for each in ALL if not each.values[0].refused]  # type: ignore[union-attr]


@pytest.mark.parametrize("fixture", ALL)
def test_golden(fixture: Fixture, request: pytest.FixtureRequest) -> None:
    update = request.config.getoption("--update-goldens")
    sections = written_sections(fixture) if update else expected_sections(fixture)
    if update:
        if not fixture.same(sections):
            fixture.path.write_text(fixture.text(sections), encoding="utf-8")
        return
    assert fixture.sections == sections, "run `pytest --update-goldens` and read the difference"
    assert fixture.same(sections), "the layout of the file is not what --update-goldens writes"


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_ways_agree(fixture: Fixture) -> None:
    report = disagreements(fixture)
    assert not report, report


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_eager(fixture: Fixture) -> None:
    assert finished_at_once(fixture.source) == ("pauses" not in fixture.flags)


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_output_is_sound(fixture: Fixture) -> None:
    output = lowered(fixture.source, fixture.name)
    compile(output, fixture.name, "exec", dont_inherit=True)
    assert markers_left(output) == []
    assert runtime_names(output) <= set(lwtsyntax.runtime.__all__)
    assert comments(fixture.source) - comments(output) == {}, "a comment is gone"
    assert comments(output) - comments(fixture.source) == {}, "a comment stands there twice"


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_second_transform_changes_nothing(fixture: Fixture) -> None:
    output = lowered(fixture.source, fixture.name)
    again = transform(output, fixture.name)
    assert again.text == output
    assert not again.changed
    assert {each.code for each in again.diagnostics} <= fixture.warns


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_unmarked_text_is_untouched(fixture: Fixture) -> None:
    output = lowered(fixture.source, fixture.name)
    at = 0
    for part in untouched_parts(fixture.source):
        found = output.find(part, at)
        assert found >= 0, f"changed:\n{part}"
        at = found + len(part)


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_output_is_formatted(fixture: Fixture) -> None:
    if _formatted(fixture.source) == fixture.source:
        output = lowered(fixture.source, fixture.name)
        assert _formatted(output) == output


def _formatted(text: str) -> str:
    return black.format_str(text, mode=black.Mode())


def test_mypy_accepts_every_output(tmp_path: Path) -> None:
    for each in ACCEPTED:
        fixture = each.values[0]
        assert isinstance(fixture, Fixture)
        if fixture.runs_here:
            name = fixture.name.replace("/", "__")
            (tmp_path / name).write_text(lowered(fixture.source, fixture.name), encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(
        f"[mypy]\nmypy_path = {HARNESS / 'stubs'}:{HARNESS.parent.parent}\n"
    )
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        "mypy.ini",
        "--explicit-package-bases",
        ".",
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_golden_is_refused_where_the_ways_disagree() -> None:
    source = "from lwtsyntax import runtime as Lwt\n\n\ndef main():\n    return Lwt.unit\n"
    fixture = Fixture(FIXTURES / "lwt" / "never_written.py", source, {})
    with pytest.raises(AssertionError, match="the ways disagree"):
        written_sections(fixture)
