"""Sets and dicts with stars: Python makes one when it comes to a star, so that what stood before is hashed then."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from lwtsyntax.ir.code import Code, code
from lwtsyntax.ir.source import Span
from lwtsyntax.passes.normalise.expressions import Expressions

__all__ = ["Displays"]

_Edits = list[tuple[Span, Code]]


@dataclass(frozen=True, slots=True)
class _Item:
    """An element, a pair or what stands behind a star, and where it stands with its star and parentheses."""

    operands: tuple[ast.expr, ...]
    starred: bool
    start: int
    end: int


class Displays(Expressions):
    """Adds sets and dicts that wait behind something that is hashed before."""

    def display(self, node: ast.Set | ast.Dict) -> Code:
        if self.quoting:
            return self.rebuild(node, self.ordered(self.children(node)))
        is_set = isinstance(node, ast.Set)
        return self.text(self.span(node), self._edits(self._items(node), is_set))

    def _edits(self, items: list[_Item], is_set: bool) -> _Edits:
        """Evaluate *items*; what stands in their place then."""
        edits: _Edits = []
        made = self._made(items, is_set)
        if made:
            before = items[:made]
            span = Span(before[0].start, before[-1].end)
            so_far = code("{", self.text(span, self._edits(before, is_set)), "}")
            collection = self.temporary(so_far, "collection so far")
            edits.append((span, code("*" if is_set else "**", collection)))
        children = [child for item in items[made:] for child in self.children(_display(item))]
        return [*edits, *((self.span(child), new) for child, new in self.ordered(children))]

    def _made(self, items: list[_Item], is_set: bool) -> int:
        """How many of *items* are in the collection already when the last wait among them begins."""
        waiting = [index for index, item in enumerate(items) if self.waiting.any(item.operands)]
        if not waiting:
            return 0
        last = waiting[-1]
        stars = [index for index, item in enumerate(items[: last + 1]) if item.starred]
        if not stars:
            return 0
        # behind a star a set takes its elements one by one, a dict its pairs at the next star or the end
        return last if is_set or stars[-1] == last else stars[-1] + 1

    def _items(self, node: ast.Set | ast.Dict) -> list[_Item]:
        parts: list[tuple[ast.expr, ...]]
        if isinstance(node, ast.Set):
            parts = [(element,) for element in node.elts]
        else:
            pairs = zip(node.keys, node.values, strict=True)
            parts = [(value,) if key is None else (key, value) for key, value in pairs]
        items, at = [], self.span(node).start + 1
        for operands in parts:
            begin = self._found(r"\S", at)
            end = self._found(r"[,}]", self.span(operands[-1]).end)
            starred = self.source.text[begin] == "*"
            items.append(_Item(operands, starred, begin, end))
            at = end + 1
        return items

    def _found(self, pattern: str, at: int) -> int:
        """Where *pattern*, one character, stands first from *at* on, but for comments."""
        comments = self.source.comments_in(at, len(self.source.text))
        while True:
            match = re.compile(pattern).search(self.source.text, at)
            assert match is not None
            comment = next((each for each in comments if each.span.end > match.start()), None)
            if comment is None or comment.span.start > match.start():
                return match.start()
            at = comment.span.end


def _display(item: _Item) -> ast.expr:
    """A display of *item* alone."""
    match item.operands:
        case [key, value]:
            return ast.Dict([key], [value])
        case [ast.Starred() as element]:
            return ast.Set([element])
        case [operand] if item.starred:
            return ast.Dict([None], [operand])
    return ast.Set(list(item.operands))
