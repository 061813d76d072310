"""The table of codes, the pages that explain them, and the rendering of diagnostics."""

from __future__ import annotations

import json
import re

import pytest

from lwtsyntax.diagnostics import CODES, Diagnostic, explanation, render_json, render_text
from lwtsyntax.pipeline import transform

_FENCE = re.compile(r"^```(python|lwt) (bad|good)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXEMPT = re.compile(r"^<!-- no example: .+ -->$", re.MULTILINE)


def _examples() -> list[tuple[str, str, str, str]]:
    return [(code, *found) for code in CODES for found in _FENCE.findall(explanation(code))]


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_with_both_examples_or_a_reason_for_none(code: str) -> None:
    page = explanation(code)
    assert page.startswith(f"# {code}: ")
    kinds = [kind for _, kind, _ in _FENCE.findall(page)]
    assert ("bad" in kinds and "good" in kinds) or (not kinds and _EXEMPT.search(page))


@pytest.mark.parametrize(
    ("code", "language", "kind", "source"),
    _examples(),
    ids=[f"{code}-{kind}" for code, _, kind, _ in _examples()],
)
def test_examples_do_what_their_page_says(code: str, language: str, kind: str, source: str) -> None:
    result = transform(source, f"{code}.lwt" if language == "lwt" else f"{code}.py")
    found = {each.code for each in result.diagnostics}
    if kind == "bad":
        assert (result.text is None) == (CODES[code][0] == "error")
        assert found == {code}
    else:
        assert not found
        assert result.changed


def test_an_unknown_code_has_no_page() -> None:
    with pytest.raises(KeyError):
        explanation("../LWT010")


def _diagnostic(source_line: str, column: int, end_column: int, **more: object) -> Diagnostic:
    fields: dict[str, object] = {"end_line": 3, "hint": "", **more}
    return Diagnostic(
        "LWT010", "out of place", "a.py", 3, column,
        end_column=end_column, source_line=source_line, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def _underlined(diagnostic: Diagnostic) -> tuple[str, str]:
    _, source, marks = render_text(diagnostic).splitlines()
    return source, marks


def test_text_names_the_place_and_underlines_the_span() -> None:
    shown = render_text(_diagnostic("    x = lwt(g())", 9, 17, hint="put @lwt above"))
    assert shown.splitlines() == [
        "a.py:3:9: LWT010 out of place",
        "    x = lwt(g())",
        "        ^^^^^^^^",
        "hint: put @lwt above",
    ]


def test_a_tab_inside_the_line_moves_the_marks_to_its_stop() -> None:
    source, marks = _underlined(_diagnostic("\tx =\tlwt(g())", 6, 14))
    assert source.index("lwt") == marks.index("^")
    assert "\t" not in source


def test_a_wide_character_counts_two_columns_and_a_combining_mark_none() -> None:
    source, marks = _underlined(_diagnostic("x = '日本e\u0301' + lwt(g())", 14, 22))
    assert marks.index("^") == source.index("lwt") + 2 - 1
    assert marks.count("^") == 8


def test_a_span_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    _, marks = _underlined(_diagnostic("x = lwt(", 5, 2, end_line=5))
    assert marks == "        ^^^^"


def test_an_empty_span_at_the_end_of_the_line_gets_one_mark() -> None:
    assert _underlined(_diagnostic("x = (", 6, 6))[1] == "         ^"


def test_a_long_line_is_cut_around_the_span() -> None:
    source, marks = _underlined(_diagnostic("x = " + "a + " * 1000 + "lwt(g())", 4005, 4013))
    assert len(source) < 140
    assert source[marks.index("^") :].startswith("lwt(g())")


def test_control_characters_of_the_source_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in render_text(_diagnostic("x = '\x1b[2J' + lwt(g())", 14, 22))


def test_without_a_source_line_there_is_no_excerpt() -> None:
    assert render_text(_diagnostic("", 1, 1)) == "a.py:3:1: LWT010 out of place"


def test_colour_only_when_asked_for() -> None:
    diagnostic = _diagnostic("x = lwt(g())", 5, 13, hint="h")
    plain, colour = render_text(diagnostic), render_text(diagnostic, colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", colour) == plain


def test_json_is_one_array_of_objects_with_all_fields() -> None:
    rows = json.loads(render_json([_diagnostic("x = lwt(g())", 5, 13)]))
    assert rows == [
        {
            "severity": "error", "code": "LWT010", "message": "out of place", "filename": "a.py",
            "line": 3, "column": 5, "end_line": 3, "end_column": 13,
            "source_line": "x = lwt(g())", "hint": "",
        }
    ]  # fmt: skip
    assert json.loads(render_json([])) == []
