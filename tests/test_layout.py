"""Laying out: what black is spared of a text changes nothing about what it would have printed."""

from __future__ import annotations

import black
import pytest
from harness.fixtures import all_fixtures
from harness.programs import program
from hypothesis import given, settings
from hypothesis import strategies as st

from lwtsyntax.passes import format_output
from lwtsyntax.passes.format_output.abbreviating import abbreviate
from lwtsyntax.pipeline import transform

MODE = black.Mode()


def same_as_black(text: str) -> None:
    """Both ways give the same, or black is given all of it."""
    short = abbreviate(text)
    if short is not None:
        found = short.expanded(black.format_str(short.text, mode=MODE))
        assert found in (None, black.format_str(text, mode=MODE))


@pytest.mark.parametrize("construct", sorted({each.path.parent.name for each in all_fixtures()}))
def test_fixtures(construct: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch)
    for each in all_fixtures():
        if each.path.parent.name == construct:
            transform(each.source, each.name)


def test_generated_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch)
    for seed in range(0, 60, 2):
        transform(program(seed))


def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text that is laid out meanwhile is compared."""

    def laid_out(text: str) -> str:
        same_as_black(text)
        return text

    monkeypatch.setattr(format_output, "_laid_out", laid_out)


WORDS = [
    "x",
    "not",
    "lambda:",
    "lambda x:",
    "in",
    "is",
    "if",
    "else",
    "for",
    "and",
    "print",
    "return",
]
WORDS += [
    "'a'",
    '"b"',
    "r'\\d'",
    "f'{x}'",
    "'\"'",
    "1",
    "1.5",
    "0XF",
    "[",
    "]",
    "(",
    ")",
    "(x)",
    "[x]",
]
WORDS += [",", ", ", ".y", " = ", "=", " + ", "+", "-", "*", "**", " ** ", ":", ": ", "{x: 1}", "é"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, *(f" {word} " for word in WORDS)]), max_size=9))
def test_statements_of_words(words: list[str]) -> None:
    """What is taken for well written is."""
    statement = "".join(words).strip()
    text = f"def f(x, y):\n    {statement}\n    y = x\n"
    try:
        compile(text, "", "exec")
    except (SyntaxError, ValueError):
        return
    same_as_black(text)


def test_what_is_well_written_is_spared() -> None:
    text = "def f(x):\n    y = x.a(1, b='c')\n    y += [x]\n    if not y:\n        return lambda z: z\n"
    short = abbreviate(text)
    assert short is not None
    assert short.text.split() == ["def", "f(x):", "name_0", "if", "name_1:", "return", "name_2"]
    assert short.expanded(short.text) == text.replace("'c'", '"c"')


def test_what_stands_in_strings_and_brackets_stays() -> None:
    text = 'def f():\n    x = """\n    y = 1\n    """\n    g(\n        x + 1\n    )\n'
    short = abbreviate(text)
    assert short is not None
    assert short.text == text
