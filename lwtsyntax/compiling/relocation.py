"""Move the syntax tree of the output to the source, node by node.

The user's own text gets the place it had.  Text of ours gets that of the wait or the statement it
stands for; ``flow`` then sees to the statements that only lead from one piece of the source to another.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lwtsyntax.compiling.origins import NOWHERE, Location, Origins
from lwtsyntax.ir.source import Span
from lwtsyntax.names import purpose

__all__ = ["Lowered", "bodies", "inner_blocks", "relocate", "runtime_call"]

Owner = ast.FunctionDef | None
_COLLECTION = re.compile(re.escape(purpose("collection")) + r"(_\d+)?")
_RETURNING = (ast.Return, ast.Lambda)


def bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of statements of *node*."""
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        if isinstance(body, list):
            yield body


def _below(node: ast.AST) -> Iterator[Sequence[ast.AST]]:
    """What stands below the head of *node*: its blocks and its clauses."""
    yield from bodies(node)
    yield getattr(node, "handlers", ())


def inner_blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of *node*, those of its clauses and arms included."""
    yield from bodies(node)
    for clause in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]:
        yield from bodies(clause)


@dataclass(slots=True)
class Lowered:
    """What of the output's tree is not the source's, word for word."""

    nodes: list[ast.AST] = field(default_factory=list)  # outer ones first
    generated: set[ast.AST] = field(default_factory=set)
    lambdas: set[ast.AST] = field(default_factory=set)  # definitions that are lambdas in the source
    owners: dict[ast.AST, Owner] = field(default_factory=dict)  # the user's function around a node
    calls: set[ast.AST] = field(default_factory=set)  # of the runtime, and not the user's own
    waits: dict[ast.AST, Location] = field(default_factory=dict)  # the wait that is returned
    # what stood before a node and left nothing: decorators, and whole statements
    decorators: dict[ast.AST, list[Location]] = field(default_factory=dict)
    statements: dict[ast.AST, list[Location]] = field(default_factory=dict)
    last_statements: dict[ast.AST, list[Location]] = field(default_factory=dict)  # behind a node

    def is_region(self, node: ast.AST | None) -> bool:
        """Whether *node* is a definition that the source does not have."""
        return isinstance(node, ast.FunctionDef) and node in self.generated

    def is_scope(self, node: ast.FunctionDef) -> bool:
        """Whether a region is a comprehension, and comprehensions have frames (before PEP 709)."""
        return (
            sys.version_info < (3, 12)
            and self.is_region(node)
            and bool(_COLLECTION.fullmatch(node.name))
        )

    def add(self, node: ast.AST, owner: Owner) -> None:
        """Take in a node that lies in *owner*."""
        self.nodes.append(node)
        self.owners[node] = owner


def runtime_call(node: ast.AST | None, lowered: Lowered) -> str | None:
    """The name of the runtime's function that *node* calls, if the call is not the user's own."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if node in lowered.calls:
            return name
    return None


def relocate(tree: ast.Module, origins: Origins) -> Lowered:
    """Move every node of *tree* to the source."""
    lowered = Lowered()
    todo: list[tuple[ast.AST, Owner]] = [(tree, None)]
    while todo:
        node, owner = todo.pop()
        if isinstance(node, ast.stmt) and _moved_whole(node, origins):
            continue
        for body in bodies(node):
            _find_dropped(node, body, origins, lowered)
        lowered.add(node, owner)
        if hasattr(node, "lineno"):
            _classify(node, origins, lowered)
            _move(node, origins, lowered)
        if isinstance(node, ast.FunctionDef) and not lowered.is_region(node):
            owner = node
        todo.extend((child, owner) for child in ast.iter_child_nodes(node))
    return lowered


def _move(node: ast.AST, origins: Origins, lowered: Lowered) -> None:
    span = origins.span(node)
    if span is None:
        NOWHERE.put_on(node)
    elif isinstance(node, ast.Attribute) and not origins.ends_exactly(node):
        # CPython puts the call of a method on the line where its name ends
        origins.location(Span(span.start, span.start)).put_on(node)
    else:
        origins.location(span).put_on(node)


def _moved_whole(node: ast.stmt, origins: Origins) -> bool:
    """Whether *node* stands in a stretch of text that was copied as it was, and has been moved with it."""
    start, end = origins.start(node), origins.end(node)
    piece = origins.piece(start)
    if piece is None or not piece.exact or end > piece.end:
        return False
    if origins.source.shown is not origins.source:
        return False
    line, column = origins.source.position(piece.source.start + start - piece.start)
    if origins.output.position(start)[1] != column:
        return False
    if line != node.lineno:
        ast.increment_lineno(node, line - node.lineno)
    return True


def _classify(node: ast.AST, origins: Origins, lowered: Lowered) -> None:
    piece = origins.piece(origins.start(node))
    if piece is not None and piece.exact:
        if isinstance(node, ast.FunctionDef):
            lowered.decorators[node] = _dropped(node, origins)
    elif isinstance(node, ast.FunctionDef) and piece and origins.says(piece.source, "lambda"):
        lowered.lambdas.add(node)
    else:
        lowered.generated.add(node)
        wait = origins.wait(origins.start(node)) if isinstance(node, _RETURNING) else None
        if wait is not None:
            lowered.waits[node] = origins.location(wait)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name()) as function):
                if not origins.ends_exactly(function):
                    lowered.calls.add(node)


def _find_dropped(node: ast.AST, body: list[ast.stmt], origins: Origins, lowered: Lowered) -> None:
    """The statements that stood before those of *body*, a block of *node*."""
    head = node.pattern if isinstance(node, ast.match_case) else node
    end = -1 if isinstance(node, ast.Module) else origins.start(head)
    if body and not isinstance(node, ast.Module):
        begin = origins.start(body[0])
        ends = (origins.end(block[-1]) for block in _below(node) if block)
        end = max((each for each in ends if each < begin), default=end)
    for statement in body:
        first = [*getattr(statement, "decorator_list", ()), statement][0]
        start = origins.start(first)
        column = origins.column(start)  # what stood deeper belongs to the block before
        lowered.statements[statement] = [
            place
            for place in map(origins.location, origins.dropped(end, start))
            if column is None or place.col_offset <= column
        ]
        end = origins.end(statement)
    if body and not [*inner_blocks(body[-1])]:
        gone = origins.dropped(end, origins.next_line(end))
        if gone:
            lowered.last_statements[body[-1]] = list(map(origins.location, gone))


def _dropped(node: ast.FunctionDef, origins: Origins) -> list[Location]:
    """Where the decorators stood that *node*, not yet moved, has in the source only."""
    span = origins.span(node)
    assert span is not None
    kept = {origins.span(decorator) for decorator in node.decorator_list}
    written = origins.decorators.get(span.start, ())
    return [origins.location(each) for each in written if each not in kept]
