"""What is kept of texts that have been read."""

from __future__ import annotations

import gc
import weakref

import pytest
from lwtsyntax_lsp.folding import folding_ranges
from lwtsyntax_lsp.snapshot import Memory, take
from lwtsyntax_lsp.tokens import semantic_tokens
from lwtsyntax_lsp.view import View
from pygls.workspace import PositionCodec

TEXT = """\
class Store:
    def read(self, names):
        lwt super().read()
        for_lwt name in names:
            lwt found = self.find(name)
            print([each for each in found if each])
        return found


def report(store):
    return lambda: store
"""


@pytest.mark.parametrize("filename", ["store.py", "store.lwt"])
def test_an_older_text_goes_when_nobody_holds_it(filename: str) -> None:
    """Trees are large: with the collector off, each edit of a long file would leave some megabytes."""
    memory, codec = Memory(), PositionCodec()
    text = TEXT
    if filename.endswith(".py"):
        text = TEXT.replace("lwt found = self.find(name)", "found = lwt(self.find(name))")
        text = text.replace("for_lwt name in names", "for name in for_lwt(names)")
        text = text.replace("lwt super().read()", "lwt(super().read())")
        text = text.replace("    def read", "    @lwt\n    def read")
        text = f"from lwtsyntax import for_lwt, lwt\n\n{text}"
    gc.collect()
    gc.disable()
    try:
        older = take(text, filename, 0, codec, memory)
        assert not older.refused and older.islands
        for island in older.islands:
            assert older.expansion(island).text
        seen = View(older, older.places)
        assert folding_ranges(seen) and semantic_tokens(seen).data
        assert older.found.tree is not None
        nodes = [weakref.ref(node) for node in older.found.tree.body]
        del older, seen, island
        take(f"\n{text}", filename, 1, codec, memory)
        assert [node() for node in nodes] == [None] * len(nodes)
    finally:
        gc.enable()
