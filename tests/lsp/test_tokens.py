"""Semantic tokens: markers, and the names that waits bind."""

from __future__ import annotations

from lsprotocol import types

from .editor import Editor

SOURCE = """\
import lwtsyntax as m
from lwtsyntax import exception, for_lwt, lwt, match_lwt, with_lwt


@lwt
def every(xs, get):
    a = lwt(get(1))
    b, (c, *d) = lwt(get(2), get(3))
    t = '🐫'; e: int = m.lwt(get(4))
    print(g := lwt(get(5)))
    h = [lwt(get(i)) for i in for_lwt(xs)]
    for j in for_lwt(xs):
        plain = j
    with with_lwt(get(6)) as k, open("l") as l:
        lwt = 3
    match match_lwt(get(7)):
        case exception(KeyError()):
            self.m = 1


def plain(lwt):
    x = lwt(1)
"""


def decoded(text: str, data: list[int]) -> list[tuple[str, str, bool]]:
    """Word, type, and whether it is asynchronous, of each token."""
    lines = text.split("\n")
    found, line, column = [], 0, 0
    for index in range(0, len(data), 5):
        down, right, length, kind, modifiers = data[index : index + 5]
        line, column = line + down, right if down else column + right
        units = lines[line].encode("utf-16-le")
        word = units[2 * column : 2 * (column + length)].decode("utf-16-le")
        found.append((word, ["keyword", "variable"][kind], bool(modifiers)))
    return found


async def tokens(editor: Editor, uri: str, text: str) -> list[tuple[str, str, bool]]:
    params = types.SemanticTokensParams(types.TextDocumentIdentifier(uri))
    result = await editor.text_document_semantic_tokens_full_async(params)
    return decoded(text, list(result.data) if result else [])


async def test_the_legend_is_the_one_agreed_on(editor: Editor) -> None:
    provider = editor.capabilities_of_server.semantic_tokens_provider
    assert provider is not None
    legend = provider.legend
    assert list(legend.token_types) == ["keyword", "variable"]
    assert list(legend.token_modifiers) == ["async"]


async def test_markers_and_the_names_that_waits_bind(editor: Editor) -> None:
    text = SOURCE.replace("        lwt = 3\n", "        pass\n")
    uri = await editor.open(text)
    assert await tokens(editor, uri, text) == [
        ("lwt", "keyword", False),
        ("a", "variable", True),
        ("lwt", "keyword", True),
        ("b", "variable", True),
        ("c", "variable", True),
        ("d", "variable", True),
        ("lwt", "keyword", True),
        ("e", "variable", True),
        ("lwt", "keyword", True),
        ("g", "variable", True),
        ("lwt", "keyword", True),
        ("lwt", "keyword", True),
        ("i", "variable", True),
        ("for_lwt", "keyword", True),
        ("j", "variable", True),
        ("for_lwt", "keyword", True),
        ("with_lwt", "keyword", True),
        ("k", "variable", True),
        ("match_lwt", "keyword", True),
        ("exception", "keyword", False),
    ]


async def test_some_lines_only(editor: Editor) -> None:
    text = SOURCE.replace("        lwt = 3\n", "        pass\n")
    uri = await editor.open(text)
    lines = types.Range(types.Position(6, 0), types.Position(7, 0))
    document = types.TextDocumentIdentifier(uri)
    params = types.SemanticTokensRangeParams(document, lines)
    result = await editor.text_document_semantic_tokens_range_async(params)
    assert result is not None
    assert [word for word, _, _ in decoded(text, list(result.data))] == [
        "a", "lwt", "b", "c", "d", "lwt",
    ]  # fmt: skip


async def test_a_file_without_markers_has_none(editor: Editor) -> None:
    uri = await editor.open("lwt = 1\n")
    assert await tokens(editor, uri, "lwt = 1\n") == []


async def test_a_syntax_error_keeps_those_that_still_stand(editor: Editor) -> None:
    text = "from lwtsyntax import lwt\n\n\n@lwt\ndef f(get):\n    a = lwt(get(1))\n    b = lwt(get(2))\n"
    uri = await editor.open(text)
    broken = text.replace("lwt(get(1))", "lwt(get(")
    editor.edit(uri, broken)
    found = await tokens(editor, uri, broken)
    assert [word for word, _, _ in found] == ["lwt", "a", "lwt", "b", "lwt"]
