"""The expansion of a function, of a file, and how it is kept current."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from lsprotocol import types
from lwtsyntax_lsp import expansion
from lwtsyntax_lsp.snapshot import Memory, take
from lwtsyntax_lsp.view import View
from pygls.workspace import PositionCodec

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.pipeline import transform
from lwtsyntax.results import TransformResult

from .editor import Editor

SOURCE = """\
from lwtsyntax import lwt

LIMIT = 3


class Store:
    @lwt
    def read(self, key):
        # why it waits
        value = lwt(self.get(key))
        print(value)
        return value


@lwt
def total(get):
    return lwt(get(1)) + 1
"""

READ = """\
    def read(self, key):
        try:
            # why it waits
            def with_value(value):
                print(value)
                return value

            return Lwt.map(self.get(key), with_value)
        except BaseException as error:
            return Lwt.failed(error)
"""


def place(range: Any) -> tuple[int, int, int, int]:
    start, end = range.start, range.end
    return start.line, start.character, end.line, end.character


async def test_the_function_at_the_cursor(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    found = await editor.expansion(uri, "function", (9, 20))
    assert (found.uri, found.version, found.scope) == (uri, 1, "function")
    assert found.name == "Store.read"
    assert found.text == READ
    assert place(found.sourceRange) == (6, 4, 11, 20)
    assert len(found.lines) == len(READ.splitlines())
    by_line = dict(zip(READ.splitlines(), found.lines, strict=True))
    assert by_line["    def read(self, key):"] == 7
    assert by_line["                print(value)"] == 10
    assert by_line["            return Lwt.map(self.get(key), with_value)"] == 9
    assert by_line[""] == -1
    assert not hasattr(found, "stale")


@pytest.mark.parametrize(("line", "name"), [(6, "Store.read"), (14, "total"), (16, "total")])
async def test_decorators_and_last_lines_belong_to_the_function(
    editor: Editor, line: int, name: str
) -> None:
    uri = await editor.open(SOURCE)
    assert (await editor.expansion(uri, "function", (line, 0))).name == name


@pytest.mark.parametrize("line", [0, 2, 5, 12, 99])
async def test_elsewhere_there_is_none(editor: Editor, line: int) -> None:
    uri = await editor.open(SOURCE)
    assert await editor.expansion(uri, "function", (line, 0)) is None


async def test_the_file_is_what_the_command_line_writes(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    found = await editor.expansion(uri, "file")
    assert found.text == transform(SOURCE).text
    assert found.scope == "file"
    assert found.name.endswith(".py")
    lines = found.text.splitlines()
    assert len(found.lines) == len(lines)
    assert found.lines[lines.index("LIMIT = 3")] == 2
    assert found.lines[lines.index("class Store:")] == 5
    assert await editor.command("lwtsyntax.transform", uri) == {"text": found.text}


async def test_nothing_becomes_of_a_file_without_markers(editor: Editor) -> None:
    uri = await editor.open("x = 1\ny = 2\n")
    assert await editor.expansion(uri, "file") is None
    assert await editor.expansion(uri, "function", (0, 0)) is None
    assert await editor.command("lwtsyntax.transform", uri) == {"text": "x = 1\ny = 2\n"}


async def test_the_command_answers_as_the_request_does(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    position = types.Position(9, 20)
    found = await editor.command("lwtsyntax.expansion", uri, position, "function")
    assert (found["text"], found["name"]) == (READ, "Store.read")
    whole = await editor.command("lwtsyntax.expansion", uri, None, "file")
    assert whole["text"] == transform(SOURCE).text


async def test_a_syntax_error_keeps_the_last_good_answer(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    await editor.expansion(uri, "function", (9, 0))
    broken = SOURCE.replace("get(1)) + 1", "get(1")
    editor.edit(uri, broken)
    editor.edit(uri, "# a new line\n" + broken)
    found = await editor.expansion(uri, "function", (10, 0))
    assert found.stale is True
    assert found.version == 3
    assert found.text == READ
    assert place(found.sourceRange) == (7, 4, 12, 20)  # it has moved
    assert found.lines[0] == 8
    editor.edit(uri, "# a new line\n" + SOURCE)
    found = await editor.expansion(uri, "function", (10, 0))
    assert not hasattr(found, "stale")
    assert found.version == 4


@pytest.mark.parametrize("typed", ["print((locals", "print(locals())", "lwt(self.get("])
async def test_where_somebody_types_the_function_stays(editor: Editor, typed: str) -> None:
    uri = await editor.open(SOURCE)
    line = f"            {typed}"
    editor.edit(uri, SOURCE.replace("print(value)", f"print(value)\n{line}"))
    for column in (4, len(line) - 3, len(line)):
        found = await editor.expansion(uri, "function", (11, column))
        assert found.stale is True
        assert found.text == READ


async def test_lines_that_have_changed_since_are_not_told(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    editor.edit(uri, SOURCE.replace("print(value)", "print((value"))
    found = await editor.expansion(uri, "function", (9, 0))
    by_line = dict(zip(READ.splitlines(), found.lines, strict=True))
    assert by_line["                print(value)"] in (-1, 10)
    assert by_line["            return Lwt.map(self.get(key), with_value)"] == 9


async def test_a_text_that_was_never_good_has_none(editor: Editor) -> None:
    uri = await editor.open(SOURCE.replace("@lwt\ndef", "def"))
    assert await editor.expansion(uri, "function", (9, 0)) is None


async def test_who_looks_at_an_expansion_is_told_when_it_is_another(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    other = await editor.open(SOURCE)
    await editor.expansion(uri, "function", (9, 0))
    editor.edit(other, SOURCE.replace("+ 1", "+ 2"))
    editor.edit(uri, SOURCE.replace("print(value)", "print(key, value)"))
    await editor.until(lambda: (uri, 2) in editor.changed)
    found = await editor.expansion(uri, "function", (9, 0))
    assert "print(key, value)" in found.text
    await editor.findings(other)
    assert all(each != other for each, _ in editor.changed)


async def test_a_refused_file_cannot_be_transformed(editor: Editor) -> None:
    from pygls.exceptions import JsonRpcException

    uri = await editor.open(SOURCE.replace("@lwt\ndef", "def"))
    with pytest.raises(JsonRpcException, match=r"LWT010 lwt outside a thread function"):
        await editor.command("lwtsyntax.transform", uri)


async def test_an_unformatted_indent_stays(editor: Editor) -> None:
    text = (
        "from lwtsyntax import lwt\nif True:\n  @lwt\n  def f(get):\n    return lwt(get(1)) + 1\n"
    )
    uri = await editor.open(text)
    found = await editor.expansion(uri, "function", (4, 0))
    assert found.text.startswith("  def f(get):\n")


def test_a_file_whose_parts_are_no_program_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = take(SOURCE, "f.py", 1, PositionCodec(), Memory())
    found = Diagnostic("LWT099", "internal error", "f.py", 1, 1, 1, 2)
    monkeypatch.setattr(expansion, "join", lambda *_: TransformResult(None, (found,)))
    with pytest.raises(Refusal) as caught:
        expansion.expand_file(cast(View, SimpleNamespace(snapshot=snapshot)), "f.py")
    assert caught.value.diagnostics == (found,)
