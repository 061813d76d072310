"""Diagnostics while a text is being written."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from lwtsyntax import diagnostics

from .editor import Editor

EXPLANATIONS = Path(diagnostics.__file__).parent / "explanations"
GOOD = """\
from lwtsyntax import lwt


@lwt
def total(get):
    return lwt(get(1)) + 1
"""


def brief(found: list[types.Diagnostic]) -> list[tuple[object, int, int, int, int]]:
    return [
        (
            each.code,
            each.range.start.line,
            each.range.start.character,
            each.range.end.line,
            each.range.end.character,
        )
        for each in found
    ]


async def test_a_text_is_read_as_it_is_written(editor: Editor) -> None:
    uri = await editor.open(GOOD)
    assert await editor.findings(uri) == []
    editor.edit(uri, GOOD.replace("@lwt\n", ""))
    assert brief(await editor.findings(uri)) == [("LWT010", 4, 11, 4, 22)]
    editor.edit(uri, GOOD.replace("lwt(get(1))", "lwt(get(1)"))
    assert [each.code for each in await editor.findings(uri)] == ["LWT001"]
    editor.edit(uri, GOOD)
    assert await editor.findings(uri) == []


async def test_a_diagnostic_says_who_it_is_from_and_where_to_read_on(editor: Editor) -> None:
    uri = await editor.open(GOOD.replace("@lwt\n", ""))
    [found] = await editor.findings(uri)
    assert found.source == "lwtsyntax"
    assert found.severity == types.DiagnosticSeverity.Error
    assert found.message.startswith("lwt outside a thread function\nhint: ")
    assert found.code_description is not None
    assert found.code_description.href == EXPLANATIONS.joinpath("LWT010.md").as_uri()


async def test_columns_are_those_of_utf16(editor: Editor) -> None:
    uri = await editor.open(GOOD.replace("@lwt\n", "").replace("return", "a = '🐫ç'; return"))
    assert brief(await editor.findings(uri)) == [("LWT010", 4, 22, 4, 33)]


async def test_a_text_with_form_feeds_keeps_its_lines(editor: Editor) -> None:
    uri = await editor.open(GOOD)
    editor.edit(uri, GOOD.replace("@lwt\n", "\x0c\n"))
    assert brief(await editor.findings(uri)) == [("LWT010", 5, 11, 5, 22)]


async def test_what_only_shows_in_lowering_is_said_and_taken_back(editor: Editor) -> None:
    text = GOOD + "\n\n@lwt\ndef names(get):\n    return lwt(get(locals()))\n"
    uri = await editor.open(text)
    assert brief(await editor.findings(uri)) == [("LWT027", 10, 19, 10, 27)]
    editor.edit(uri, text.replace("+ 1", "+ 2"))
    assert brief(await editor.findings(uri)) == [("LWT027", 10, 19, 10, 27)]
    editor.edit(uri, text.replace("locals()", "1"))
    assert await editor.findings(uri) == []


async def test_a_file_without_markers_is_none_of_our_business(editor: Editor) -> None:
    uri = await editor.open("def (:\n")
    assert await editor.findings(uri) == []


async def test_a_closed_file_has_none(editor: Editor) -> None:
    uri = await editor.open(GOOD.replace("@lwt\n", ""))
    document = types.TextDocumentIdentifier(uri)
    before = len(editor.published)
    editor.text_document_did_close(types.DidCloseTextDocumentParams(document))
    await editor.until(lambda: len(editor.published) > before)
    assert editor.published[-1].uri == uri
    assert list(editor.published[-1].diagnostics) == []


async def test_a_saved_file_is_news_to_those_that_import_it(editor: Editor, tmp_path: Path) -> None:
    store = tmp_path / "store.py"
    store.write_text("def save(value):\n    return value\n")
    text = "import store\n" + GOOD.replace("    return", "    store.save(1)\n    return")
    uri = await editor.open(text, uri=(tmp_path / "use.py").as_uri())
    assert await editor.findings(uri) == []
    store.write_text(GOOD.replace("total(get)", "save(get)"))
    before = len(editor.published)
    saved = types.TextDocumentIdentifier(store.as_uri())
    editor.text_document_did_save(types.DidSaveTextDocumentParams(saved))
    await editor.until(lambda: len(editor.published) > before)
    [found] = editor.published[-1].diagnostics
    assert (editor.published[-1].uri, found.code) == (uri, "LWT030")
    assert found.severity == types.DiagnosticSeverity.Warning


async def test_unsaved_texts_have_diagnostics_too(editor: Editor) -> None:
    uri = await editor.open(GOOD.replace("@lwt\n", ""), uri="untitled:Untitled-1")
    assert brief(await editor.findings(uri)) == [("LWT010", 4, 11, 4, 22)]
