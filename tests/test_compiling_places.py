"""Wait places in compiled code: what the runtime puts into tracebacks."""

from __future__ import annotations

import ast
import dis
import marshal
import sys
import traceback
from collections.abc import Iterator
from types import CodeType, FunctionType, TracebackType

import pytest
from harness.fixtures import Fixture, all_fixtures

from lwtsyntax.compiling import compile_result
from lwtsyntax.pipeline import transform

ACCEPTED = [
    pytest.param(fixture, id=fixture.name.removesuffix(".py"))
    for fixture in all_fixtures()
    if fixture.runs_here and not fixture.refused
]
HEAD = """\
from lwtsyntax import for_lwt, lwt, match_lwt, exception, while_lwt
from lwtsyntax import runtime as Lwt


@lwt
def f(a, b, fn):
"""


LISTCOMP = ("<listcomp>", "f.<locals>.<listcomp>")


def compiled(source: str) -> CodeType:
    return compile_result(transform(source, "<program>", format=False), "<program>")


def tree(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from tree(each)


def info(code: CodeType) -> tuple[int, int, int, int] | None:
    """What a code object says of itself if it is a place."""
    last = code.co_consts[-1] if code.co_consts else None
    return (
        last if isinstance(last, tuple) and len(last) == 4 and code.co_names == ("call",) else None
    )


def head_of(code: CodeType) -> CodeType | None:
    """The place of the head of the loop or the `with` that a code object is the place of."""
    found = code.co_consts[-2] if info(code) is not None else None
    return found if isinstance(found, CodeType) else None


def place_text(source: str, code: CodeType) -> str:
    """The text of the source that a place stands at."""
    said = info(code)
    assert said is not None
    line, end_line, column, end_column = [*code.co_positions()][said[3] // 2]
    assert line and end_line and column is not None and end_column is not None
    node = ast.Constant(None)
    node.lineno, node.end_lineno, node.col_offset, node.end_col_offset = (
        line, end_line, column, end_column,
    )  # fmt: skip
    return ast.get_source_segment(source, node) or ""


def places(body: str) -> list[tuple[str, int, int]]:
    """The places of a thread function with *body*: the text, which of them is around, what they add.

    In the order of their numbers, which are those of the list, from 1.
    """
    source = HEAD + indented(body)
    found = []
    code_objects = [*tree(compiled(source))]
    heads = [head for each in code_objects if (head := head_of(each)) is not None]
    for code in code_objects:
        said = info(code)
        if said is not None and code not in heads:
            assert (code.co_name, code.co_qualname) in (("f", "f"), LISTCOMP)
            found.append((said[0], place_text(source, code), said[1], said[2]))
    assert [own for own, *_ in sorted(found)] == [*range(1, len(found) + 1)]
    return [(text, parent, adds) for _, text, parent, adds in sorted(found)]


def test_a_wait_adds_an_entry() -> None:
    assert places("x = lwt(a(\n    1\n))\nlwt(b(x))\nreturn x") == [
        ("lwt(b(x))", 0, 1),
        ("lwt(a(\n        1\n    ))", 0, 1),
    ]


def test_several_promises_at_once_are_one_wait() -> None:
    assert places("x, y = lwt(a(), b())\nprint(x)") == [("lwt(a(), b())", 0, 1)]


def test_a_tail_wait_of_the_function_has_no_place() -> None:
    assert places("if a:\n    return lwt(fn())\nreturn lwt(b)") == []


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("for x in for_lwt(a):\n    fn(x)\nprint(a)", "for_lwt(a)"),
        ("for x in fn(a):\n    lwt(b(x))", "fn(a)"),
        ("while a.more:\n    lwt(fn())", "a.more"),
        ("with fn(a) as x:\n    lwt(fn(x))", "fn(a)"),
    ],
)
def test_the_head_of_a_loop_has_a_place_of_its_own_inside_it(body: str, head: str) -> None:
    source = HEAD + indented(body)
    [*_, (place, found)] = [
        (each, found) for each in tree(compiled(source)) if (found := head_of(each)) is not None
    ]
    own, said = info(place), info(found)
    assert own is not None and said is not None
    assert place_text(source, found) == head
    assert (found.co_name, found.co_qualname) == ("f", "f")
    assert said[1:3] == (
        own[0],
        1,
    )  # as if it were a call in the region, which the loop adds no entry to


def test_waits_in_a_loop_stand_in_its_region() -> None:
    assert places("for x in a:\n    y = lwt(b(x))\n    lwt(fn(y))\n    print(y)\nprint(a)") == [
        ("lwt(fn(y))", 4, 1),
        ("lwt(b(x))", 4, 1),
        ("a", 0, 0),  # the map behind the loop
        ("a", 0, 0),
    ]


def test_a_loop_stands_for_the_wait_that_its_body_is() -> None:
    assert places("for x in for_lwt(a):\n    fn(x)\nprint(a)") == [
        ("for_lwt(a)", 0, 0),
        ("fn(x)", 0, 1),
    ]


def test_further_waits_that_end_regions_get_calls_of_their_own() -> None:
    body = "for x in for_lwt(a):\n    if x:\n        fn(x)\n    elif a:\n        lwt(b)\n    else:\n        fn(b)"
    assert places(body) == [("fn(x)", 0, 1), ("lwt(b)", 1, 1), ("fn(b)", 1, 1)]
    names = {name for code in tree(compiled(HEAD + indented(body))) for name in code.co_names}
    assert "passing" in names


def test_a_join_point_stands_in_the_region_that_goes_to_it() -> None:
    body = "for x in a:\n    if x:\n        lwt(a())\n    lwt(b())\n    print(x)"
    assert places(body) == [("lwt(b())", 3, 1), ("lwt(a())", 3, 1), ("a", 0, 0)]


def test_regions_stand_in_each_other() -> None:
    body = """\
try:
    lwt(a())
    with fn():
        return lwt(b())
except KeyError:
    lwt(b(1))
finally:
    lwt(fn(2))
print(a)"""
    assert places(body) == [
        ("lwt(b())", 2, 1),
        ("fn()", 4, 0),  # using
        ("lwt(a())", 4, 1),
        ("lwt(b(1))", 6, 1),  # try_, for its handler
        ("try", 0, 0),  # returning
        ("lwt(fn(2))", 0, 1),  # finalize, for its cleanup
    ]


def test_conditions_and_bodies_of_loops() -> None:
    assert places("while while_lwt(fn()):\n    lwt(a)") == [
        ("while_lwt(fn())", 0, 1),
        ("lwt(a)", 1, 1),
    ]
    assert places("while fn():\n    lwt(a)") == [("lwt(a)", 0, 1)]
    assert places("while lwt(fn()) and lwt(a):\n    lwt(b)") == [
        ("lwt(fn())", 2, 1),
        ("lwt(a)", 0, 1),
        ("lwt(b)", 2, 1),
    ]


def test_arms_of_a_match_on_the_rejection() -> None:
    body = "match match_lwt(fn()):\n    case 1:\n        lwt(a)\n    case exception(KeyError()):\n        return lwt(b)"
    assert places(body) == [("lwt(a)", 2, 1), ("match_lwt(fn())", 0, 1), ("lwt(b)", 2, 1)]


def test_steps_of_a_long_run() -> None:
    found = places("\n".join(f"lwt(a({number}))" for number in range(12)))
    assert sorted(text for text, _, adds in found if adds) == sorted(
        f"lwt(a({number}))" for number in range(12)
    )
    assert {parent for *_, parent, adds in found if adds} == {0, found.index(RUN) + 2}


RUN = ("lwt(a(0))", 0, 0)  # the call that goes on behind the sequence


def test_calls_that_the_user_wrote_stay() -> None:
    body = "x = Lwt.bind(a, fn)\ny = lwt(a).map(fn)\nreturn lwt(b).bind(x, y)"
    assert places(body) == [("lwt(b)", 0, 1), ("lwt(a)", 0, 1)]


def test_a_comprehension_is_a_scope_where_python_makes_it_one() -> None:
    body = "x = [lwt(fn(each)) for each in a]\nprint(x)"
    whole = "[lwt(fn(each)) for each in a]"
    assert [place for place in places(body) if place[2]] == [
        ("lwt(fn(each))", 3, 1),
        *([(whole, 0, 1)] if sys.version_info < (3, 12) else []),
    ]


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_every_place_is_sound(fixture: Fixture) -> None:
    """It says where it is in a traceback; what it stands in is a place too; no mark is left."""
    code = marshal.loads(marshal.dumps(compiled(fixture.source)))
    said = {}
    for part in tree(code):
        assert not any(
            "place of a wait" in each for each in part.co_consts if isinstance(each, str)
        )
        numbers = info(part)
        if numbers is not None:
            own, parent, adds, instruction = numbers
            assert own not in said and adds in (0, 1)
            said[own] = parent
            assert _operation(part, instruction) == "CALL"
    assert {*said.values()} <= {0, *said}
    for own, parent in said.items():  # no place stands in itself
        seen = {own}
        while parent:
            assert parent not in seen
            seen.add(parent)
            parent = said[parent]


def _operation(code: CodeType, offset: int) -> str:
    return next(each.opname for each in dis.get_instructions(code) if each.offset == offset)


def test_a_place_shows_in_a_traceback() -> None:
    code = next(
        each
        for each in tree(compiled(HEAD + indented("x = 1; y = lwt(a(x))\nprint(y)")))
        if info(each)
    )
    frame = FunctionType(code, {})().gi_frame
    said = info(code)
    assert said is not None
    (entry,) = traceback.extract_tb(TracebackType(None, frame, said[3], code.co_firstlineno))
    assert (entry.name, entry.lineno, entry.colno, entry.end_colno) == ("f", 7, 15, 24)


def indented(body: str) -> str:
    return "".join(f"    {line}\n" for line in body.splitlines())
