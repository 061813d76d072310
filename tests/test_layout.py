"""Laying out: what black is spared of a text changes nothing about what it would have printed."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path

import pytest
from harness.fixtures import all_fixtures
from harness.programs import program
from hypothesis import given, settings
from hypothesis import strategies as st
from real_code.planting import Planting, planted

from lwtsyntax.passes import format_output
from lwtsyntax.passes.format_output import _restore_docstrings, by_black
from lwtsyntax.passes.format_output.arranging import arranged
from lwtsyntax.passes.format_output.well_written import well_written
from lwtsyntax.pipeline import transform


def same_as_black(text: str) -> bool:
    """Check that both ways give the same; whether there are two, or black is given all of it."""
    found = arranged(text, by_black)
    if found is None:
        return False
    whole = by_black(text)
    assert _restore_docstrings(text, found, "") == _restore_docstrings(text, whole, "")
    return True


@pytest.mark.parametrize("construct", sorted({each.path.parent.name for each in all_fixtures()}))
def test_fixtures(construct: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch)
    for each in all_fixtures():
        if each.path.parent.name == construct:
            transform(each.source, each.name)


def test_generated_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    spared = checked(monkeypatch)
    for seed in range(0, 60, 2):
        transform(program(seed))
    assert sum(spared) > 0.8 * len(spared)


@pytest.mark.parametrize("name", ["textwrap", "shlex", "heapq"])
def test_real_code(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spared = checked(monkeypatch)
    source = Path(importlib.util.find_spec(name).origin).read_text(encoding="utf-8")
    transform(planted(source, Planting()), name)
    assert sum(spared) > 0.9 * len(spared)


def checked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Each text that is laid out meanwhile is compared; whether it had two ways is in the list."""
    spared = []

    def laid_out(text: str, _: object) -> str:
        spared.append(same_as_black(text))
        return text

    monkeypatch.setattr(format_output, "arranged", laid_out)
    return spared


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


LINES = [
    *("match(x)", "case = 1", "type(x)"),
    *(
        "x = 1",
        "y = g( x )",
        "g(x,y)",
        "x  +=  1",
        "return x",
        "return (x)",
        "pass",
        "raise E(x)",
        "del (x)",
    ),
    *(
        "raise E from None",
        "assert x, (y)",
        "import a",
        "from a import (b)",
        "x: int",
        "y: int = 1",
    ),
    *(
        "# a",
        "#b",
        "x = 1 # c",
        "g(x)  # d",
        "",
        "'a'",
        '"""b\n  c"""',
        "x = [1,\n2,]",
        "x = y if x \\\n else z",
    ),
    *(
        "return Lwt.bind(" + "g(x), " * 9 + "h)",
        "return Lwt.map(g(" + "x, " * 20 + "x), lambda x, y: z)",
    ),
    *(
        "x = '" + "a" * 90 + "'",
        "g(" + "x, " * 30 + "x)",
        "x = {1: 2}",
        "x = (1,)",
        "x = y[a:b] + {}",
        "yield x",
    ),
    *(
        "@d",
        "@d(x)",
        "nonlocal " + "x, " * 30 + "x",
        "x = 1; y = 2",
        "if x: y",
        "class A: pass",
        "...",
    ),
]
HEADERS = [
    "if x:",
    "if (x):",
    "while x:",
    "for x in (y):",
    "for x, y in z:",
    "def f(x, y):",
    "def f( x ):",
]
HEADERS += [
    "def f(" + "x" * 80 + "):",
    "def f(" + "x, " * 30 + "y):",
    "with a as b:",
    "if x:  # e",
    "class A:",
]
ARMS = [
    "case A(b=c) if (d):",
    "case [a, *b]:",
    "case 1 | 2:",
    "case {'a': b}:",
    "case (a):",
    "case A() as b:",
]
CLAUSES = {
    "if": ["elif y:", "elif (y):", "else:", "else:  # f"],
    "for": ["else:"],
    "while": ["else:"],
}


def body(choose: random.Random, depth: int) -> list[str]:
    """Lines of a block, good and bad."""
    lines: list[str] = []
    for _ in range(choose.randint(1, 4)):
        if depth < 5 and choose.random() < 0.4:
            lines += compound(choose, depth)
        else:
            line = choose.choice(LINES)
            lines += [line, "def g():", "    pass"] if line.startswith("@") else [line]
    return [*lines, choose.choice(["pass", "x", "return Lwt.BREAK"])]


def compound(choose: random.Random, depth: int) -> list[str]:
    if choose.random() < 0.1:
        arms = choose.sample(ARMS, 3)
        lines = [line for arm in arms for line in (arm, *map(indented, body(choose, depth + 2)))]
        lines += ["case 1: pass"] if choose.random() < 0.3 else []
        return [choose.choice(["match x:", "match (x):"]), *map(indented, lines)]
    if choose.random() < 0.2:
        parts = ["try:", choose.choice(["except E as e:", "except (A, B):", "finally:"])]
    else:
        parts = [choose.choice(HEADERS)]
        clauses = CLAUSES.get(parts[0].split()[0], [])
        if clauses and choose.random() < 0.5:
            parts.append(choose.choice(clauses))
    lines: list[str] = []
    for part in parts:
        lines += [part, *(indented(line) for line in body(choose, depth + 1))]
    return lines


def indented(line: str) -> str:
    return "    " + line if line else line


@pytest.mark.parametrize("seed", range(10))
def test_functions_of_all_kinds_of_lines(seed: int) -> None:
    choose = random.Random(seed)
    spared = 0
    for _ in range(40):
        depth = choose.choice([0, 0, 1, 14])
        lines = ["def f(x):", *(indented(line) for line in body(choose, 1))]
        above = [f"{'    ' * level}if 1:" for level in range(depth)]
        text = (
            "\n".join([*above, *("    " * depth + line if line else "" for line in lines)]) + "\n"
        )
        try:
            compile(text, "", "exec")
        except SyntaxError:
            continue
        spared += same_as_black(text)
    assert spared > 4


def test_what_is_well_written() -> None:
    for line in [
        'y = x.a(1, b="c")',
        "y += [x]",
        "if not y:",
        "return lambda z: z",
        'raise E("%d" % (x,)) from error',
        "for x, y in z[1:]:",
        "def f(x, *, y=None, **z):",
        "except* a.E as e:",
    ]:
        assert well_written(line) == line
    assert well_written("x  =  f(a,b)") == "x = f(a, b)"
    assert well_written("x = 'c'") == 'x = "c"'
    for line in [
        "x = (1)",
        "x = 'a\"'",
        "x=1",
        "x = a if(b) else c",
        "print(*a, )",
        "x = f(a, b=1 )",
        "x = y[1 :2]",
    ]:
        assert well_written(line) is None


def test_black_gets_what_it_has_a_choice_about() -> None:
    given: list[str] = []

    def spy(text: str) -> str:
        given.append(text)
        return by_black(text)

    text = "def f(x):\n    y = x.a(1)\n    if x:\n        y = {x: 1}\n    return y\n"
    assert arranged(text, spy) == by_black(text)
    assert [line.strip() for line in given[0].split("\n") if "name" not in line] == [
        "if 1:",
        "if 1:",
        "y = {x: 1}",
        "",
    ]


def test_what_does_not_come_back_is_not_left_out() -> None:
    text = "def f(x):\n    if (x):\n        return x\n"
    assert arranged(text, by_black) == by_black(text)
    assert arranged(text, lambda program: program.replace("pass", "...")) is None
