"""Folds, of everything in a file: an editor that asks us asks nobody else."""

from __future__ import annotations

from lsprotocol import types

from .editor import Editor

SOURCE = '''\
"""A docstring
of two lines."""
import os
from lwtsyntax import (
    lwt,
)

# one
# two


@lwt
def f(get):
    if lwt(get(1)):
        a = [
            1,
        ]
    elif get:
        b = 1
    # a comment
    else:
        c = 1
    try:
        d = 1
    except KeyError:
        e = 1
    else:
        g = 1
    finally:
        h = 1
    match get:
        case 1:
            i = 1
    for j in get: pass
    else: pass
'''


async def folds(editor: Editor, uri: str) -> list[tuple[int, int, object]] | None:
    params = types.FoldingRangeParams(types.TextDocumentIdentifier(uri))
    found = await editor.text_document_folding_range_async(params)
    if found is None:
        return None
    return [(each.start_line, each.end_line, each.kind) for each in found]


async def test_everything_folds(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    assert await folds(editor, uri) == [
        (0, 1, "comment"),
        (2, 5, "imports"),
        (3, 5, None),
        (7, 8, "comment"),
        (12, 34, None),
        (13, 16, None),
        (14, 16, None),
        (17, 18, None),
        (20, 21, None),
        (22, 23, None),
        (24, 25, None),
        (26, 27, None),
        (28, 29, None),
        (30, 32, None),
        (31, 32, None),
    ]


async def test_a_file_without_markers_is_left_to_others(editor: Editor) -> None:
    uri = await editor.open("def f():\n    pass\n")
    assert await folds(editor, uri) is None


async def test_a_syntax_error_keeps_the_last_good_answer(editor: Editor) -> None:
    uri = await editor.open(SOURCE)
    editor.edit(uri, SOURCE.replace("h = 1", "h = ("))
    editor.edit(uri, "\n" + SOURCE.replace("h = 1", "h = ("))
    found = await folds(editor, uri)
    assert found is not None
    assert (1, 2, "comment") in found
    assert (14, 17, None) in found
