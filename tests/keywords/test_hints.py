"""What a refusal of a .lwt file says: where something is missing, and what to write instead."""

from __future__ import annotations

import pytest

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.pipeline import Target, transform

HINTS = {
    "async for_lwt x in y: pass": "write for_lwt without async: it takes asynchronous ones",
    "lwt *a, b = x": "before such a target, write the marker: *x, y = lwt(e)",
    "lwt x = x y": "",
    "lwt a = g(x), b = g(y)": "bindings side by side are joined by and: lwt x = a and y = b",
    "lwt a = g(x, y=3), b.c = g(y), c = 3": (
        "bindings side by side are joined by and: lwt x = a and y = b"
    ),
    "lwt a, b = g(x) y": "",
    "lwt a = lwt b and lwt c": "inside an expression, lwt takes brackets: lwt(e)",
    "lwt x = g(1) in": "what follows is the next statement: lwt x = e, without in",
    "lwt def g(): lwt x": "a def that waits needs no word before it",
    "exception KeyError(): pass": "an arm begins with case: case exception P:",
    "else_lwt:": "the clauses of a _lwt form have Python's own words: else",
    "else_lwt: lwt x": "the clauses of a _lwt form have Python's own words: else",
    "except_lwt KeyError as e:": "the clauses of a _lwt form have Python's own words: except",
    "finally_lwt:": "the clauses of a _lwt form have Python's own words: finally",
    "case_lwt 3:": "the clauses of a _lwt form have Python's own words: case",
}


@pytest.mark.parametrize("line", HINTS)
def test_a_keyword_where_none_can_stand_has_a_hint(line: str) -> None:
    (found,) = transform(f"def f():\n    lwt x\n    {line}\n", "f.lwt").diagnostics
    assert (found.code, found.line, found.hint) == ("LWT001", 3, HINTS[line])


@pytest.mark.parametrize(
    "clause", ["except_lwt", "except_lwt E", "except_lwt E as e", "finally_lwt"]
)
@pytest.mark.parametrize("body", [" lwt e", "\n        lwt e"])
def test_a_clause_under_a_word_that_is_none_has_a_hint(clause: str, body: str) -> None:
    text = f"def f():\n    try_lwt:\n        lwt x\n    {clause}:{body}\n"
    (found,) = transform(text, "f.lwt").diagnostics
    word = clause.partition("_")[0]
    assert (found.code, found.line, found.column) == ("LWT001", 4, 5)
    assert found.hint == f"the clauses of a _lwt form have Python's own words: {word}"


ANNOTATED = [
    "def f():\n    if_lwt a: lwt b\n    «else_lwt»: c()\n",
    "def f():\n    for_lwt a in b:\n        lwt a\n    «else_lwt»: c()\n",
    "def f():\n    try_lwt: lwt b\n    except E: lwt d\n    «finally_lwt»: c()\n",
]


@pytest.mark.parametrize("marked", ANNOTATED)
def test_a_clause_that_python_takes_for_an_annotation_is_refused(marked: str) -> None:
    before, _, rest = marked.partition("«")
    word = rest.partition("»")[0]
    (found,) = transform(before + rest.replace("»", ""), "f.lwt").diagnostics
    assert (found.code, found.line, _underlined(found)) == ("LWT034", before.count("\n") + 1, word)
    assert found.hint.endswith(f"own words: {word.partition('_')[0]}")


def test_an_arm_may_call_a_rejection_exception() -> None:
    text = (
        "def f():\n    match_lwt e:\n        case exception exception: pass\n        case x: pass\n"
    )
    assert transform(text, "f.lwt").diagnostics == ()
    plain = "def f(e):\n    lwt e\n    match e:\n        case exception: pass\n"
    assert transform(plain, "f.lwt").diagnostics == ()


def test_an_annotation_elsewhere_is_one() -> None:
    for text in (
        "def f(x):\n    if x: lwt x\n    else_lwt: int\n",
        "def f(x):\n    if_lwt x: lwt x\n    else_lwt: int = 3\n",
        "def f(x):\n    if_lwt x: lwt x\n    x()\n    else_lwt: int\n",
    ):
        assert transform(text, "f.lwt").diagnostics == ()


HEADERS = [
    "for_lwt (a, b) in x«»",
    "for_lwt [a, b] in x«»",
    "for_lwt *a, b in x«»",
    "while_lwt (c)«»",
    "while_lwt -c«»",
    "if_lwt (c)«»",
    "if_lwt (c) and f(a=3)[1:2]«»  # a comment: x",
    "if_lwt [c]«»",
    "if_lwt(c)«»",
    "if_lwt (\n  c\n  )«»",
    "if_lwt c:\n        lwt c\n    elif_lwt (d)«»",
    "match_lwt (c)«»",
    "match_lwt (c)«»  # a comment\n\n  # another",
    "with_lwt (c) as d«»",
    "with_lwt (c as d)«»",
    "try_lwt«»",
    "try_lwt«»  # a comment",
]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_without_its_colon_is_told_where_the_colon_is_missing(header: str) -> None:
    before, _, rest = f"def f():\n    {header}\n        case 3: x\n    x\n".partition("«»")
    (found,) = transform(before + rest, "f.lwt").diagnostics
    assert (found.code, found.message) == ("LWT001", "not valid Python: expected ':'")
    line = before.count("\n") + 1
    assert (found.line, found.source_line) == (line, (before + rest).split("\n")[line - 1])
    # CPython points at what stands where the colon should: a comment, or the line's end
    end = len(before) - (before.rfind("\n") + 1)
    assert end < found.column
    assert not found.source_line[end : found.column - 1].strip()


# what is refused in a .lwt file, with its code and its hint, which names forms as that spelling writes them
WORDED = {
    "def f():\n  match_lwt e:\n    case exception: pass": ("LWT018", "write `case exception e:`"),
    "def f():\n  match_lwt e:\n    case exception as x: pass": (
        "LWT018",
        "write `case exception e:`",
    ),
    "x = lwt(e)": (
        "LWT010",
        "lwt x = e waits at module level, and so does Lwt.run(e) in an expression",
    ),
    "f = lambda: lwt(e)": ("LWT013", "write a def"),
    "async def f(): lwt(e)": ("LWT014", "use await there, or make it a def"),
    "async def f(): lwt e": ("LWT014", "use await there, or make it a def"),
    "@lwt\nasync def f(): pass": (
        "LWT015",
        "take @lwt away and use await; or take both away and wait by lwt x = e",
    ),
    "@lwt\nclass A: pass": ("LWT015", "take it away: a def that waits needs no decorator"),
    "def f(): for_lwt + lwt(e)": ("LWT023", "call it where it stands: for_lwt x in xs:"),
    "def f(): return while_lwt(lwt(e))": ("LWT019", "it belongs in `while_lwt c:`"),
    "def f():\n  match e:\n    case exception A(): lwt e": ("LWT024", "write `match_lwt e:`"),
    "def f():\n  match_lwt e:\n    case exception A: pass": (
        "LWT025",
        "write `case exception A():`",
    ),
    "def f():\n  match_lwt e:\n    case exception(A()) as e: pass": (
        "LWT023",
        "the name goes inside: `case exception P as e:`",
    ),
    "def f():\n  match_lwt e:\n    case exception(A()) | exception(B()): pass": (
        "LWT023",
        "the alternatives go inside: `case exception P | Q:`",
    ),
    "def f():\n  match_lwt e:\n    case exception(): pass": (
        "LWT018",
        "write `case exception KeyError():`",
    ),
    "def f():\n  lwt x = await e": (
        "LWT029",
        "write `lwt x = e`, or lwt(e) in an expression: it waits for any awaitable",
    ),
    "def f():\n  lwt e\n  async for x in xs: pass": (
        "LWT029",
        "write `for_lwt x in xs:`; it takes an async iterable",
    ),
    "def f():\n  lwt e\n  async with e as x: pass": (
        "LWT029",
        "write `with_lwt e as r:`; it takes an async context manager",
    ),
    "@lwt_stream\ndef f():\n  lwt e\n  yield from xs": (
        "LWT016",
        "write `for_lwt x in xs: yield x`",
    ),
    "async def g(): pass\n@lwt\ndef f(): g()": ("LWT030", "write `lwt g()`"),
}


@pytest.mark.parametrize("text", WORDED)
@pytest.mark.parametrize("target", ["binds", "async"])
def test_a_hint_names_forms_as_they_are_written_in_such_a_file(text: str, target: Target) -> None:
    found, *_ = transform(f"{text}\n", "f.lwt", target=target).diagnostics
    assert (found.code, found.hint) == WORDED[text]


def _underlined(found: Diagnostic) -> str:
    return found.source_line[found.column - 1 : found.end_column - 1]
