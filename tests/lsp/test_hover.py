"""What is said of a marker."""

from __future__ import annotations

import pytest

from lwtsyntax.markers import FORMS

from .editor import Editor

SOURCE = """\
import lwtsyntax
from lwtsyntax import exception, for_lwt, lwt as wait, lwt_stream, match_lwt, while_lwt, with_lwt


@wait
def every(xs, get):
    for x in for_lwt(xs):
        get(x)
    while while_lwt(get(1)):
        get(2)
    with with_lwt(get(3)) as r:
        print(r)
    match match_lwt(get(4)):
        case exception(KeyError()):
            pass
        case x:
            pass
    c = '🐫'; y = wait(get(5))
    return lwtsyntax.lwt(get(y))


@lwt_stream
def numbers():
    yield 1
"""

PLACES = [
    ((4, 1), "lwt"),
    ((6, 13), "for_lwt"),
    ((8, 10), "while_lwt"),
    ((10, 9), "with_lwt"),
    ((12, 10), "match_lwt"),
    ((13, 13), "exception"),
    ((17, 18), "lwt"),
    ((17, 22), "lwt"),
    ((18, 21), "lwt"),
    ((21, 1), "lwt_stream"),
]


@pytest.mark.parametrize(("place", "form"), PLACES)
async def test_a_marker_has_its_meaning(editor: Editor, place: tuple[int, int], form: str) -> None:
    uri = await editor.open(SOURCE)
    said = await editor.hover(uri, *place)
    [meaning] = [each.meaning for each in FORMS if each.name == form]
    assert said is not None
    assert meaning in said


@pytest.mark.parametrize("place", [(5, 5), (6, 8), (17, 16), (17, 23), (18, 15), (99, 0)])
async def test_other_words_have_none(editor: Editor, place: tuple[int, int]) -> None:
    uri = await editor.open(SOURCE)
    assert await editor.hover(uri, *place) is None


async def test_it_shows_what_becomes_of_the_statement(editor: Editor) -> None:
    uri = await editor.open(
        "from lwtsyntax import lwt\n\n\n@lwt\ndef f(get):\n    x = lwt(get(1))\n    return x + 1\n"
    )
    said = await editor.hover(uri, 5, 9)
    assert said is not None
    assert "return Lwt.map(get(1), lambda x: x + 1)" in said
    assert "except" not in said
    whole = await editor.hover(uri, 3, 2)
    assert whole is not None
    assert "def f(get):" in whole
    assert "except BaseException as error:" in whole


async def test_a_refused_text_still_has_meanings(editor: Editor) -> None:
    uri = await editor.open("from lwtsyntax import lwt\nx = lwt(f())\n")
    said = await editor.hover(uri, 1, 5)
    assert said is not None
    assert "wait for e" in said


async def test_a_syntax_error_keeps_the_last_good_answer(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    editor.edit(uri, SOURCE.replace("print(r)", "print("))
    assert "for_lwt" in (await editor.hover(uri, 6, 13) or "")
    assert "lwt_stream" in (await editor.hover(uri, 21, 1) or "")
