"""Every fixture in the other spelling and back: the same program, with the same output."""

from __future__ import annotations

import ast
from pathlib import Path

import black
import pytest
from harness.fixtures import Fixture, all_fixtures
from harness.invariants import comments
from harness.oracle import observe

import lwtsyntax
from lwtsyntax.ir.source import Source
from lwtsyntax.keywords.reading import read_forms
from lwtsyntax.markers import KEYWORDS
from lwtsyntax.pipeline import transform
from lwtsyntax.spellings import to_keywords, to_markers

HERE = [each for each in all_fixtures() if each.runs_here]
ACCEPTED = [pytest.param(each, id=each.name) for each in HERE if not each.refused]
REFUSED = [pytest.param(each, id=each.name) for each in HERE if each.refused]
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.lwt"))


def _keywords(source: str, name: str) -> str:
    result = to_keywords(source, name)
    assert result.text is not None, result.diagnostics
    return result.text


def _markers(source: str, *, format: bool = False) -> str:
    result = to_markers(source, "f.lwt", format=format)
    assert result.text is not None, result.diagnostics
    return result.text


def meaning(text: str) -> str:
    """The program, but for where the imports of this package stand, and what they call the markers."""
    tree = ast.parse(text)
    imports = [
        node
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "lwtsyntax"
    ]
    names = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            used.add(names[node.id])
            node.id = f"lwtsyntax.{names[node.id]}"
    tree.body = [node for node in tree.body if node not in imports]
    return f"{sorted(used)} {ast.unparse(tree)}"


def _has_other_ways(fixture: Fixture) -> bool:
    """Whether it calls markers by other names, which free those names for others."""
    return fixture.path.parent.name == "imports" or "import lwtsyntax\n" in fixture.source


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_there_and_back_is_the_same_program(fixture: Fixture) -> None:
    keywords = _keywords(fixture.source, fixture.name)
    back = _markers(keywords)
    if not _has_other_ways(fixture):
        assert meaning(back) == meaning(fixture.source)
    assert comments(back) == comments(keywords) == comments(fixture.source)
    assert meaning(_markers(_keywords(back, "f.py"))) == meaning(back)


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_the_output_is_the_same(fixture: Fixture) -> None:
    keywords = _keywords(fixture.source, fixture.name)
    if _has_other_ways(fixture):
        for way in ("resolved", "pending"):
            assert observe(keywords, way, "f.lwt") == observe(fixture.source, way)
        return
    ours = transform(keywords, "f.lwt", target=fixture.target)
    theirs = transform(fixture.source, "f.py", target=fixture.target)
    assert ours.text is not None and theirs.text is not None
    assert meaning(ours.text) == meaning(theirs.text)
    assert [each.code for each in ours.diagnostics] == [each.code for each in theirs.diagnostics]


@pytest.mark.parametrize("fixture", REFUSED)
def test_what_is_refused_is_refused_in_the_other_spelling(fixture: Fixture) -> None:
    result = to_keywords(fixture.source, fixture.name)
    codes = set((fixture.refused or "").split(","))
    if result.text is None:
        assert {each.code for each in result.diagnostics} == codes
        return
    found = transform(result.text, "f.lwt", target=fixture.target)
    assert found.text is None
    assert {each.code for each in found.diagnostics} == codes


def test_every_keyword_is_written() -> None:
    written = set()
    for fixture in HERE:
        text = to_keywords(fixture.source, fixture.name).text or ""
        forms = read_forms(Source(text, "f.lwt"))
        written |= {form.keyword.word for form in forms}
    # the first two have no marker, the third is below
    assert written == {row.word for row in KEYWORDS} - {"try_lwt", "raise_lwt", "elif_lwt"}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_in_keywords_there_and_back(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    markers = _markers(source)
    again = _keywords(markers, "f.py")
    outputs = [
        transform(source, "f.lwt", target=target).text is not None for target in ("binds", "async")
    ]
    assert all(outputs)
    assert meaning(_markers(again)) == meaning(markers)
    lowered = [transform(text, name).text for text, name in ((markers, "f.py"), (again, "f.lwt"))]
    assert lowered[0] is not None and lowered[1] is not None
    assert meaning(lowered[0]) == meaning(lowered[1])


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_the_marker_spelling_is_formatted(fixture: Fixture) -> None:
    mode = black.Mode()
    if black.format_str(fixture.source, mode=mode) == fixture.source:
        back = _markers(_keywords(fixture.source, fixture.name), format=True)
        assert black.format_str(back, mode=mode) == back


def test_docstrings_and_comments_stay_when_a_file_is_laid_out() -> None:
    head = '"""  A file.  \n    odd """'
    source = f"{head}\nx = 1   # why\ndef f(x) :\n    ''' a doc '''\n    lwt  y=x ( 1,\n      2) # two\n    return y\n"
    text = _markers(source, format=True)
    assert text.startswith(f"{head}\n\nfrom lwtsyntax import lwt\n\nx = 1  # why\n")
    assert text.endswith(
        "\n\n@lwt\ndef f(x):\n    ''' a doc '''\n    y = lwt(x(1, 2))  # two\n    return y\n"
    )
    windows = source.replace("\n", "\r\n")
    assert _markers(windows, format=True) == text.replace("\n", "\r\n")


# what stays in marker spelling, since a keyword cannot say it, or would say something else
STAYS = {
    "a wait inside an expression": "f(lwt(x), [lwt(y) for y in z])",
    "a target in brackets": "[a, b] = lwt(x)",
    "a starred target": "*a, b = lwt(x)",
    "an operand that no keyword stands before": "lwt(-x)",
    "a display": "lwt([x])",
    "several in one": "x = lwt(a, b)",
    "several without a name for each": "a, *b = lwt(x, y)",
    "a tuple": "x = lwt((a, b))",
    "a wait in parentheses": "x = (lwt(y))",
    "a generator expression": "x = lwt(y for y in z)",
    "an assert of what surely is no promise": "assert lwt(x == y)",
    "a return of it": "return lwt(not x)",
    "an if whose block would become a thread": "if lwt(x): f()",
    "a with whose block would become a thread": "with with_lwt(x): f()",
    "a with that has another manager": "with with_lwt(x), y: pass",
    "a list and a block on one line": "while while_lwt([x]): pass",
    "an arm that takes every value, and calls it exception": (
        "match match_lwt(x):\n        case exception: pass"
    ),
    "an arm that would be a class pattern": "match match_lwt(x):\n        case exception((A() | B()) as e): pass",
}


@pytest.mark.parametrize("case", STAYS)
def test_it_stays_in_marker_spelling(case: str) -> None:
    source = f"from lwtsyntax import exception, lwt, match_lwt, while_lwt, with_lwt\n\n@lwt\ndef f(x):\n    {STAYS[case]}\n"
    text = _keywords(source, "f.py")
    if "match_lwt" in STAYS[case]:
        text = text.replace("match_lwt x", "match match_lwt(x)")
    assert STAYS[case] in text


FORMS = {
    "lwt(x)": "lwt x",
    "x = lwt(y)": "lwt x = y",
    "x: int = lwt(y)": "lwt x: int = y",
    "x[0] += lwt(y)  # why": "lwt x[0] += y  # why",
    "x = z = lwt(y)": "lwt x = z = y",
    "x = lwt(  y  )": "lwt x = y",
    "x = lwt(y,)": "lwt x = y",
    "x = lwt((y))": "lwt x = (y)",
    "x = lwt(\n        y(1),\n    )": "lwt x = (\n        y(1)\n    )",
    "x = lwt(y(\n        1,\n    ))": "lwt x = y(\n        1,\n    )",
    "x = lwt(  # why\n        y)": "lwt x = (  # why\n        y)",
    "x = lwt((z := y))": "lwt x = (z := y)",
    "x = lwt(z := y)": "lwt x = (z := y)",
    "x = lwt(a if b else c)": "lwt x = a if b else c",
    "(a, b) = lwt(x)": "lwt (a, b) = x",
    "(a, b), c = lwt(x, y)": "lwt (a, b) = x and c = y",
    "x, y = lwt(a, b)": "lwt x = a and y = b",
    "x, y[0] = lwt(a and c, b)": "lwt x = a and c and y[0] = b",
    "x, (y, z) = lwt(a, lambda: b)": "lwt x = a and (y, z) = lambda: b",
    "x, y = lwt(\n        a,\n        b,\n    )": "lwt x = a \\\n        and y = b",
    "x, y = lwt(c := a, b)": "lwt x = (c := a) and y = b",
    "return lwt(x)": "return_lwt x",
    "assert lwt(x), y": "assert_lwt x, y",
    "if lwt(x): pass\n    elif lwt(y): pass\n    else: pass": (
        "if_lwt x: pass\n    elif_lwt y: pass\n    else: pass"
    ),
    "if x: y = lwt(z); lwt(z)": "if x: lwt y = z; lwt z",
    "for a, b in for_lwt(x): pass": "for_lwt a, b in x: pass",
    "for (a, b) in for_lwt([x]): lwt(y)": "for_lwt (a, b) in [x]: lwt y",
    "for a in for_lwt((x, y)): pass": "for_lwt a in (x, y): pass",
    "while while_lwt(x < y): x()": "while_lwt x < y: x()",
    "while while_lwt(\n        x\n    ): x()": "while_lwt (\n        x\n    ): x()",
    "while while_lwt([x]):\n        pass": "while_lwt [x]:\n        pass",
    "with with_lwt(x) as y, with_lwt(z): pass": "with_lwt x as y, z: pass",
    "with (with_lwt(x) as y, with_lwt(z),): pass": "with_lwt (x as y, z,): pass",
    "match match_lwt(x):\n        case exception(A() | B() as e) if e: pass\n        case _: x()": (
        "match_lwt x:\n        case exception A() | B() as e if e: pass\n        case _: x()"
    ),
    "match match_lwt(x):\n        case exception(A(\n            a=1)): pass": (
        "match_lwt x:\n        case exception A(\n            a=1): pass"
    ),
}


@pytest.mark.parametrize("markers", FORMS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_marker_becomes_a_keyword(markers: str, newline: str) -> None:
    names = "exception, for_lwt, lwt, match_lwt, while_lwt, with_lwt"
    source = f"from lwtsyntax import {names}\n\n\n@lwt\ndef f(x):\n    {markers}\n"
    expected = f"def f(x):\n    {FORMS[markers]}\n"
    text = _keywords(source.replace("\n", newline), "f.py")
    assert text.lstrip("\r\n") == expected.replace("\n", newline)
    assert meaning(_markers(text)) == meaning(source)


def test_names_that_are_no_markers_stay() -> None:
    source = (
        "import lwt\nfor_lwt = lwt.x\n\ndef f(exception):\n    lwt(exception)\n    return for_lwt\n"
    )
    result = to_keywords(source, "f.py")
    assert result.text == source
    assert not result.changed
    source = "from lwtsyntax import lwt as wait\nlwt = 3\n\n@wait\ndef f(x):\n    y = wait(x)\n    return lwt (y), lwt\n"
    keywords = "lwt = 3\n\ndef f(x):\n    lwt y = x\n    return lwt (y), lwt\n"
    assert _keywords(source, "f.py").lstrip() == keywords
    assert _markers(keywords) == (
        "from lwtsyntax import lwt as lwt_2\n\nlwt = 3\n\n"
        "@lwt_2\ndef f(x):\n    y = lwt_2(x)\n    return lwt (y), lwt\n"
    )


def test_an_import_that_something_still_uses_stays() -> None:
    source = "from lwtsyntax import for_lwt, lwt\n\n@lwt\ndef f(x):\n    for y in for_lwt(x): f(lwt(y))\n"
    assert _keywords(source, "f.py").startswith("from lwtsyntax import lwt\n\ndef f")
    source = "from lwtsyntax import lwt\nfrom lwtsyntax import runtime as Lwt\n\n@lwt\ndef f(x):\n    lwt(x)\n"
    assert _keywords(source, "f.py").startswith("from lwtsyntax import runtime as Lwt\n\ndef f")


def test_a_decorator_with_a_comment_stays() -> None:
    source = "from lwtsyntax import lwt\n\n@cache\n@lwt  # why\ndef f(x):\n    lwt(x)\n"
    assert _keywords(source, "f.py").endswith("@cache\n@lwt  # why\ndef f(x):\n    lwt x\n")
    source = source.replace("  # why", "")
    assert _keywords(source, "f.py").endswith("@cache\ndef f(x):\n    lwt x\n")


GLUED = {
    "if_lwt(c): x\n    elif_lwt(d): y": "if lwt(c): x\n    elif lwt(d): y",
    "while_lwt[c]:\n        x": "while while_lwt([c]):\n        x",
    "match_lwt{1: x}:\n        case exception{2: y}: x": (
        "match match_lwt({1: x}):\n        case exception({2: y}): x"
    ),
    "for_lwt(a, b)in(c): x": "for(a, b)in for_lwt(c): x",
    "for_lwt a in[c]: x": "for a in for_lwt([c]): x",
    "with_lwt(c)as d: x": "with with_lwt(c)as d: x",
    "lwt{c}": "lwt({c})",
    "lwt x=(c)": "x=lwt(c)",
    "return_lwt~c": "return lwt(~c)",
    "raise_lwt~c": "raise~c",
    "lwt x = c\\\n        and y=d": "x, y = lwt(c, d)",
}


@pytest.mark.parametrize("line", GLUED)
def test_forms_without_blanks(line: str) -> None:
    text = _markers(f"def f(x):\n    {line}\n")
    assert text.partition("def f(x):\n    ")[2] == f"{GLUED[line]}\n"
    ast.parse(text)


def test_tails_of_blocks_that_are_threads_by_their_keyword_are_spelled_out() -> None:
    source = "def f(x):\n    lwt x\n\ndef g(x):\n    try_lwt:\n        f(x)\n    finally:\n        lwt x\n    if_lwt x: x()\n    else: print(x)\n"
    text = _markers(source)
    assert "        lwt(f(x))\n" in text
    assert "    if lwt(x): lwt(Lwt.implicit_wait(x()))\n    else: print(x)\n" in text
    assert text.startswith("from lwtsyntax import lwt\nfrom lwtsyntax import runtime as Lwt\n")


def test_positions_lead_both_ways() -> None:
    source = "'é'\n\ndef f(xs):\n    lwt a = g(1) and b = h(2)\n    for_lwt x in xs:\n        return_lwt x + a\n"
    result = lwtsyntax.to_markers(source, "f.lwt")
    assert result.text is not None and result.positions is not None
    for word in ("'é'", "xs):", "g(1)", "h(2)", "b =", "x in", "x + a"):
        at = source.index(word)
        line, column = source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at) - 1
        found = result.positions.written(line, column)
        assert found is not None
        text = result.text.split("\n")[found[0] - 1][found[1] :]
        assert text.startswith(word.removesuffix(" =").removesuffix(":"))
        assert result.positions.original(*found) == (line, column)
    assert result.positions.written(4, 5) is None  # the keyword is gone


def test_refusals_show_the_file() -> None:
    (found,) = to_markers("def f():\n    lwt x, y = a, b\n", "f.lwt").diagnostics
    assert (found.code, found.line, found.column) == ("LWT034", 2, 16)
    (found,) = to_markers("def f():\n    lwt x = = a\n", "f.lwt").diagnostics
    assert (found.code, found.line, found.column) == ("LWT001", 2, 13)
