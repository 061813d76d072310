"""What an editor is told: the same as whoever transforms the file, and sooner."""

from __future__ import annotations

import ast
import random

import pytest
from harness.analyses import same
from harness.fixtures import Fixture, all_fixtures

from lwtsyntax import analysing
from lwtsyntax.analysing import Analysis, Source, analyse
from lwtsyntax.diagnostics import Refusal
from lwtsyntax.expanding import check, expand, join
from lwtsyntax.pipeline import transform

FIXTURES = all_fixtures()
HEAD = "from lwtsyntax import lwt\n\n\n"
GOOD = f"{HEAD}@lwt\ndef f(get):\n    return lwt(get(1)) + 1\n"


# -- analyses ---------------------------------------------------------------------------------


def test_a_text_that_mentions_nothing_is_not_read() -> None:
    found = analyse("def (")
    assert (found.tree, found.markers, found.diagnostics) == (None, None, ())
    assert not found.refused


def test_the_markers_of_a_refused_text_are_known() -> None:
    found = analyse(f"{GOOD}x = lwt(f(1))\n")
    assert found.refused
    assert [each.code for each in found.diagnostics] == ["LWT010"]
    assert found.markers is not None
    assert len(found.markers.functions) == 1
    assert len(found.markers.calls) == 2


def test_a_text_that_is_no_program_has_no_tree() -> None:
    found = analyse(f"{HEAD}def (")
    assert found.refused
    assert (found.tree, found.markers) == (None, None)


def test_an_await_in_a_thread_function_leaves_the_tree() -> None:
    found = analyse(f"{HEAD}@lwt\ndef f(get):\n    await get(1)\n")
    assert [each.code for each in found.diagnostics] == ["LWT029"]
    assert found.tree is not None
    assert not found.compiles


# -- since ------------------------------------------------------------------------------------


def edited(text: str, choices: random.Random) -> str:
    """*text* with one stretch replaced, as keys do."""
    start = choices.randrange(len(text) + 1)
    end = min(len(text), start + choices.choice([0, 0, 1, 1, 2, 5, 30]))
    words = [
        "",
        "x",
        " ",
        "\n",
        "(",
        ")",
        ":",
        "#",
        '"',
        "'''",
        "\\",
        ";",
        "@",
        "lwt(",
        "    ",
        "\f",
    ]
    words += [
        "await ",
        "return ",
        "\n\n",
        "x = 1\n",
        "global x",
        "if x:\n",
        "\r",
        "from __future__ import annotations\n",
    ]
    return text[:start] + choices.choice(words) + text[end:]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_what_is_known_of_an_earlier_text_changes_nothing(seed: int) -> None:
    choices = random.Random(seed)
    for _ in range(10):
        text = choices.choice(FIXTURES).source
        known = analyse(text)
        for _ in range(10):
            after = edited(text, choices)
            quick, whole = analyse(after, since=known), analyse(after)
            same(quick, whole)
            if quick.compiles:
                text, known = after, quick


def test_only_what_has_changed_is_parsed() -> None:
    text = GOOD + "".join(f"\n\ndef g{number}():\n    return {number}\n" for number in range(5))
    known = analyse(text)
    found = analyse(text.replace("return 3", "return 33"), since=known)
    assert known.tree is not None and found.tree is not None
    shared = [one is other for one, other in zip(known.tree.body, found.tree.body, strict=True)]
    assert shared == [True, True, True, True, True, False, True]


@pytest.mark.parametrize(
    "after",
    [
        GOOD.replace("+ 1", "+ 1; x = 1"),
        GOOD.replace("return lwt(get(1)) + 1", "yield from lwt(get(1))"),
        GOOD.replace("def f(get):", "def f(get, *):"),
        GOOD.replace("@lwt", "     "),
        GOOD.replace("\n\n\n@", "\n;\n@"),
        GOOD.replace("\n\n\n@", "\n\\\n@"),
        GOOD.replace("return lwt", "global get; lwt"),
        GOOD.replace("from lwtsyntax import lwt", "from lwtsyntax import wait"),
        GOOD.replace("@lwt", "x = 1\n\n\n@lwt"),
        GOOD.replace("@lwt", "'''\n@lwt"),
        GOOD.replace("\n\n\n", "\n"),
        GOOD.replace("\n\n\n", "\nif get:\n    "),
        GOOD.replace("\n\n\n", "\n\n\n@"),
        GOOD.replace("\n\n\n", "\r\n\n\n"),
    ],
)
def test_edits_that_reach_further_than_their_line(after: str) -> None:
    same(analyse(after, since=analyse(GOOD)), analyse(after))


# what CPython refuses in one place for what stands in another
FAR = [
    ("\n", "x = 1\n", "global x\n"),
    ("x = 1\n", "\n", "if x:\n    global x\n"),
    ("x = 1\n", "", "from __future__ import annotations\ny = 1\n"),
    ("\n", "x = 1\n", "from __future__ import annotations\ny = 1\n"),
    ("", "from __future__ import annotations\n", "z = 1\ndef g(x: (y := 1)): pass\n"),
    ("x = 1\n", "x = 1\nw = '''\n", "v = 1\ny = '''\nreturn\n'''\nz = 1  # '''\n"),
]


@pytest.mark.parametrize(("old", "new", "rest"), FAR)
def test_what_cpython_refuses_elsewhere(old: str, new: str, rest: str) -> None:
    for one, other in ((old, new), (new, old)):
        known = analyse(f"{one}{rest}{GOOD}")
        if known.compiles:
            same(analyse(f"{other}{rest}{GOOD}", since=known), analyse(f"{other}{rest}{GOOD}"))


def test_only_what_has_changed_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    functions = (f"\n\ndef g{number}():\n    return {number}\n" for number in range(5))
    text = GOOD + "".join(functions)
    known = analyse(text)
    compiled: list[int] = []

    def compiles(tree: ast.Module, source: Source) -> None:
        compiled.append(len(tree.body))

    monkeypatch.setattr(analysing, "check_compiles", compiles)
    for new in ("return 33", "return (\n3)", "pass\n\n\nx = 1"):
        analyse(text.replace("return 3", new), since=known)
    assert compiled == [1, 1, 2]


def test_what_was_mended_to_find_more_is_found_again() -> None:
    text = GOOD.replace("@lwt", "@lwt()")
    after = text.replace("+ 1", "+ 2")
    same(analyse(after, since=analyse(text)), analyse(after))


def test_statements_that_share_a_line() -> None:
    text = f"{GOOD}a = 1; b = [\n    2,\n]; c = 3\nd = 4\n"
    known = analyse(text)
    for old, new in [("2,", "22,"), ("a = 1", "a = (1"), ("c = 3", "c = 33"), ("d = 4", "d = 44")]:
        after = text.replace(old, new)
        same(analyse(after, since=known), analyse(after))


# -- expansions -------------------------------------------------------------------------------


def lowered(fixture: Fixture) -> Analysis | None:
    found = analyse(fixture.source, "fixture.py")
    return None if found.refused or found.markers is None else found


@pytest.mark.parametrize("fixture", FIXTURES[::7], ids=lambda fixture: fixture.name)
def test_functions_one_at_a_time_make_the_file(fixture: Fixture) -> None:
    found = lowered(fixture)
    expected = transform(fixture.source, "fixture.py")
    if found is None or found.markers is None:
        return
    islands = found.markers.islands()
    faults = [fault for island in islands for fault in check(found, island)]
    assert bool(faults) == (expected.text is None)
    if expected.text is None or not islands:
        return
    once = [expand(found, island) for island in islands]
    again = [expand(found, island) for island in islands]
    assert [each.text for each in once] == [each.text for each in again]
    joined = join(found, again)
    assert joined.text == expected.text
    assert joined.positions is not None and expected.positions is not None
    assert joined.positions.places == expected.positions.places


def test_an_expansion_knows_where_it_came_from() -> None:
    found = analyse(GOOD)
    assert found.markers is not None
    [island] = found.markers.islands()
    expansion = expand(found, island)
    lines = expansion.text.splitlines()
    assert found.source.slice(expansion.span).startswith("@lwt\ndef f(get):")
    wait = next(number for number, line in enumerate(lines, 1) if "Lwt.map" in line)
    assert expansion.positions.original(wait, 8) == (6, GOOD.splitlines()[5].index("lwt"))


def test_what_only_shows_in_lowering() -> None:
    found = analyse(GOOD.replace("get(1)", "get(locals())"))
    assert found.markers is not None
    [island] = found.markers.islands()
    [fault] = check(found, island)
    assert fault.code == "LWT027"
    with pytest.raises(Refusal):
        expand(found, island)
