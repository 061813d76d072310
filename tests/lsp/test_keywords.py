"""``.lwt`` files: every answer is of the text with keywords that the user sees."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lwtsyntax.markers import KEYWORDS
from lwtsyntax.pipeline import transform
from lwtsyntax.spellings import to_keywords, to_markers

from .editor import Editor
from .test_actions import results
from .test_folding import folds
from .test_tokens import tokens

SOURCE = """\
\"\"\"Where it is cold.\"\"\"
LIMIT = 3


def coldest(names):
    lwt limit = maximum()
    for_lwt name in names:
        '🐫'; lwt degrees = fetch(name)
        if_lwt too_far(name):
            continue
        elif_lwt known(name):
            limit = min(degrees, lwt(average()))
        else:
            limit = degrees
    match_lwt last():
        case exception KeyError():
            pass
    return_lwt report(limit)


def plain():
    return 1


class Store:
    def read(self):
        lwt self.open()
        lwt a = one() and b = two()
        return a + b
"""
_NUMBERS = iter(range(1000))


async def opened(editor: Editor, text: str = SOURCE) -> str:
    uri = f"file:///tmp/lwtsyntax-editor/keywords_{next(_NUMBERS)}.lwt"
    return await editor.open(text, uri=uri, language="lwt")


async def test_it_is_read_as_what_it_is(editor: Editor) -> None:
    uri = await opened(editor)
    assert await editor.findings(uri) == []
    editor.edit(uri, SOURCE.replace("for_lwt name in names:", "for_lwt name in:"))
    [found] = await editor.findings(uri)
    assert (found.code, found.range.start.line) == ("LWT001", 6)


async def test_a_text_that_was_never_saved_is_known_by_its_language(editor: Editor) -> None:
    uri = await editor.open("lwt x = f()\n", uri="untitled:keywords", language="lwt")
    assert await editor.findings(uri) == []
    assert await editor.hover(uri, 0, 1) is not None


PLACES = [
    ((5, 5), "lwt"),
    ((6, 4), "for_lwt"),
    ((7, 15), "lwt"),
    ((8, 10), "if_lwt"),
    ((10, 10), "elif_lwt"),
    ((14, 6), "match_lwt"),
    ((15, 15), "exception"),
    ((17, 4), "return_lwt"),
]


@pytest.mark.parametrize(("place", "word"), PLACES)
async def test_a_keyword_has_its_meaning(editor: Editor, place: tuple[int, int], word: str) -> None:
    uri = await opened(editor)
    said = await editor.hover(uri, *place)
    [row] = [each for each in KEYWORDS if each.word == word]
    assert said is not None
    assert row.meaning in said
    assert row.equivalent in said


async def test_a_marker_in_an_expression_has_its_own(editor: Editor) -> None:
    uri = await opened(editor)
    assert "lwt(e): wait for e" in (await editor.hover(uri, 11, 35) or "")
    assert await editor.hover(uri, 11, 15) is None


async def test_hovering_shows_what_becomes_of_the_statement(editor: Editor) -> None:
    uri = await opened(editor)
    said = await editor.hover(uri, 26, 9)
    assert said is not None
    assert "Lwt.both(one(), two())" in said
    assert "Lwt.for_each" not in said


async def test_tokens(editor: Editor) -> None:
    uri = await opened(editor)
    found = await tokens(editor, uri, SOURCE)
    words = [word for word, kind, _ in found if kind == "keyword"]
    assert words == [
        *("lwt", "for_lwt", "lwt", "if_lwt", "elif_lwt", "lwt", "match_lwt", "exception"),
        *("return_lwt", "lwt", "lwt"),
    ]
    assert [word for word, kind, _ in found if kind == "variable"] == [
        *("limit", "name", "degrees", "a", "b"),
    ]


async def test_folds(editor: Editor) -> None:
    uri = await opened(editor)
    assert await folds(editor, uri) == [
        (4, 17, None),
        (6, 13, None),
        (8, 9, None),
        (10, 11, None),
        (12, 13, None),
        (14, 16, None),
        (15, 16, None),
        (20, 21, None),
        (24, 28, None),
        (25, 28, None),
    ]


async def test_the_function_at_the_cursor(editor: Editor) -> None:
    uri = await opened(editor)
    found: Any = await editor.expansion(uri, "function", (26, 10))
    assert found.name == "Store.read"
    assert found.text.startswith("    def read(self):\n")
    start, end = found.sourceRange.start, found.sourceRange.end
    assert (start.line, end.line, end.character) == (25, 28, 20)
    by_line = dict(zip(found.text.splitlines(), found.lines, strict=True))
    [wait] = [line for line in by_line if "Lwt.both(one(), two())" in line]
    assert by_line[wait] == 27
    assert (await editor.expansion(uri, "function", (5, 0))).name == "coldest"
    assert await editor.expansion(uri, "function", (21, 4)) is None


async def test_the_file(editor: Editor) -> None:
    uri = await opened(editor)
    found = await editor.expansion(uri, "file")
    assert found.text == transform(SOURCE, "a.lwt").text
    lines = found.text.splitlines()
    assert found.lines[lines.index("LIMIT = 3")] == 1
    assert found.lines[lines.index("def plain():")] == 20
    assert await editor.command("lwtsyntax.transform", uri) == {"text": found.text}


async def test_a_file_that_only_runs_the_main_loop(editor: Editor) -> None:
    uri = await opened(editor, "lwt x = f()\nprint(x)\n")
    found = await editor.expansion(uri, "file")
    assert "x = Lwt.run(f())" in found.text


async def test_a_syntax_error_keeps_the_last_good_answer(editor: Editor) -> None:
    uri = await opened(editor)
    broken = SOURCE.replace("lwt self.open()", "lwt self.open(")
    editor.edit(uri, broken)
    found = await editor.expansion(uri, "function", (4, 0))
    assert (found.name, found.stale, found.lines[0]) == ("coldest", True, 4)
    assert "return_lwt" in [word for word, _, _ in await tokens(editor, uri, broken)]


async def test_the_spelling_is_converted(editor: Editor) -> None:
    uri = await opened(editor)
    markers = to_markers(SOURCE).text
    assert markers is not None
    found = await editor.command("lwtsyntax.convertSpelling", uri, "markers")
    assert found == {"text": markers, "languageId": "python"}
    other = await editor.open(markers)
    found = await editor.command("lwtsyntax.convertSpelling", other, "keywords")
    assert found == {"text": to_keywords(markers).text, "languageId": "lwt"}
    editor.edit(uri, "lwt x = (\n")
    with pytest.raises(JsonRpcException, match="LWT001"):
        await editor.command("lwtsyntax.convertSpelling", uri, "markers")


async def test_the_conversion_is_offered_at_keywords(editor: Editor) -> None:
    uri = await opened(editor)
    name = uri.rpartition("/")[2]
    [action] = await editor.actions(uri, 5, 5)
    assert action.title == f"Convert to markers, as {name.removesuffix('.lwt')}.py"
    assert action.edit is None
    resolved = await editor.code_action_resolve_async(action)
    assert resolved.edit is not None and resolved.edit.document_changes is not None
    change, rename = resolved.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.edits[0].new_text == to_markers(SOURCE).text
    assert isinstance(rename, types.RenameFile)
    assert (rename.old_uri, rename.new_uri) == (uri, uri.removesuffix(".lwt") + ".py")
    assert await editor.actions(uri, 21, 5) == []


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Wait for it: lwt save(1)", "    lwt save(1)"),
        ("Let it run on its own: _ = save(1)", "    _ = save(1)"),
        ("Silence LWT030 here", "    save(1)  # lwtsyntax: ignore[LWT030]"),
    ],
)
async def test_a_forgotten_wait_is_written_as_a_keyword(
    editor: Editor, title: str, line: str
) -> None:
    text = "def save(x):\n    lwt x\n\n\ndef f():\n    sa|ve(1)\n    lwt save(2)\n"
    uri = f"file:///tmp/lwtsyntax-editor/forgotten_{next(_NUMBERS)}.lwt"
    made = await results(editor, text, uri=uri)
    assert made[title].splitlines()[5] == line
